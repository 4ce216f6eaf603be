import type { GitSource } from '../../../providers/source.js';
import type { Secret } from '../../../secrets/secret.js';
import { UserError } from '../../user-error.js';

/**
 * Returns the secret that a new webhook gets: the first of the source. A GitLab source that has a signing token does not
 * accept plain tokens unless `acceptSecretToken` is set, so there it is the first signing token. Throws {@link UserError}.
 */
export function hookSecret(source: GitSource): Secret {
  const { secrets } = source;
  const signing = secrets.find((secret) => secret.reveal().startsWith('whsec_'));
  const secret = source.kind === 'gitlab' && !source.acceptSecretToken ? (signing ?? secrets[0]) : secrets[0];
  if (secret) return secret;
  throw new UserError('The source has no webhook secret: set its option secrets');
}
