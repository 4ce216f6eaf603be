import type { GitSource } from '../../../providers/source.js';
import type { Secret } from '../../../secrets/secret.js';
import { UserError } from '../../user-error.js';

/**
 * The secret that a new webhook gets: the first. A GitLab source with a signing token takes no plain tokens beside it,
 * unless it says so, so there it is the first signing token. Throws {@link UserError}.
 */
export function hookSecret(source: GitSource): Secret {
  const { secrets } = source;
  const signing = secrets.find((secret) => secret.reveal().startsWith('whsec_'));
  const secret = source.kind === 'gitlab' && !source.acceptSecretToken ? (signing ?? secrets[0]) : secrets[0];
  if (secret) return secret;
  throw new UserError('The source has no webhook secret');
}
