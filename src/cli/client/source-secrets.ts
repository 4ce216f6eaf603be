import { join } from 'node:path';
import type { Project } from '../../config/project.js';
import { resolveSecrets } from '../../config/resolve-secrets.js';
import type { Source } from '../../providers/source.js';
import { SecretFinder } from '../../secrets/find-secrets.js';
import type { SecretReference } from '../../secrets/reference.js';
import type { Secret } from '../../secrets/secret.js';
import { UserError } from '../user-error.js';
import { configuredSource } from './configured-source.js';
import { mustBeReadable } from './readable-data.js';

/** A webhook secret, and where it is kept. */
export interface KeptSecret {
  readonly secret: Secret;
  readonly reference: SecretReference;
}

/**
 * Returns a source of a project with the secrets that can be found; none is made, and what is missing is left out. No
 * secret of another source is read. Throws {@link UserError} if there is no such source.
 */
export function sourceOf(project: Project, name: string): Source {
  return resolveSecrets(configuredSource(project.settings, name), secretsOf(project)) as Source;
}

/** Returns a source's webhook secrets, in their order. Throws {@link UserError} that says what is missing if there is none. */
export function webhookSecrets(project: Project, name: string): readonly [KeptSecret, ...KeptSecret[]] {
  const secrets = secretsOf(project);
  const { secrets: references } = configuredSource(project.settings, name);
  const kept = references.flatMap((needed, i) => {
    const secret = secrets.find(needed, `sources.${name}.secrets[${i}]`);
    return secret ? [{ secret, reference: needed.reference }] : [];
  });
  const [first, ...others] = kept;
  if (first) return [first, ...others];
  mustBeReadable(project.data);
  throw new UserError(
    `Source "${name}" has no secret here to sign with: ${secrets.problems.join('; ') || 'none is set'}`,
  );
}

/** Returns what finds a project's secrets, and makes none. */
export function secretsOf({ data }: Project): SecretFinder {
  return new SecretFinder({ env: process.env, folder: join(data, 'secrets'), make: false, run: true });
}
