import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { NeededSecret, type SecretReference } from '../secrets/reference.js';

/**
 * Returns a part of the configuration in which the paths of secrets are absolute: those of files, and of commands that are
 * named by a path. Relative ones count from the folder `base`.
 */
export function withSecretPlaces(part: unknown, base: string): unknown {
  if (part instanceof NeededSecret) return new NeededSecret(placed(part.reference, base), part.rule);
  if (Array.isArray(part)) return part.map((item) => withSecretPlaces(item, base));
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, withSecretPlaces(item, base)]));
}

function placed(reference: SecretReference, base: string): SecretReference {
  if ('file' in reference) return { file: placeOf(reference.file, base) };
  if ('command' in reference) {
    const [program = '', ...args] = reference.command;
    return program.includes('/') ? { ...reference, command: [placeOf(program, base), ...args] } : reference;
  }
  return 'env' in reference && reference.otherwise
    ? { ...reference, otherwise: placed(reference.otherwise, base) }
    : reference;
}

/** What is only where the command was called is taken from there: versions before took all from there. */
function placeOf(path: string, base: string): string {
  const inProject = resolve(base, path);
  return existsSync(inProject) || !existsSync(path) ? inProject : resolve(path);
}
