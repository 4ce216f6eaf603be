import { join } from 'node:path';
import type { Project } from '../../../config/project.js';
import { NeededSecret, type SecretReference } from '../../../secrets/reference.js';
import { inWords } from '../../../secrets/run-command.js';

/** A secret of the configuration. */
export interface ConfiguredSecret {
  /** The option that names it: `sources.github.secrets[0]`. */
  readonly option: string;
  readonly needed: NeededSecret;
  /** Where it is found here and now: the variable if that is set, else what stands in for it. */
  readonly reference: SecretReference;
}

/** Returns every secret that a project's configuration names, in its order. None is read. */
export function configuredSecrets({ settings }: Pick<Project, 'settings'>): readonly ConfiguredSecret[] {
  return secretsBelow(settings, '');
}

function secretsBelow(part: unknown, option: string): ConfiguredSecret[] {
  if (part instanceof NeededSecret) return [{ option, needed: part, reference: inForce(part.reference) }];
  if (Array.isArray(part)) return part.flatMap((item, i) => secretsBelow(item, `${option}[${i}]`));
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, item]) => secretsBelow(item, option ? `${option}.${key}` : key));
}

function inForce(reference: SecretReference): SecretReference {
  if (!('env' in reference) || process.env[reference.env] || !reference.otherwise) return reference;
  return inForce(reference.otherwise);
}

/** Returns the path of a generated secret. */
export function generatedPath({ data }: Pick<Project, 'data'>, name: string): string {
  return join(data, 'secrets', name);
}

/** Says where a secret is found, for people. */
export function placeOf(reference: SecretReference): string {
  if ('env' in reference) return `environment variable ${reference.env}`;
  if ('command' in reference) return inWords(reference).replace(/^the /, '');
  return 'file' in reference ? `file ${reference.file}` : `generated "${reference.generated}"`;
}
