import { signStandard } from '../../services/standard-webhooks.js';
import { given, type Signed, type Unsigned } from '../../sign.js';
import { TOKEN_HEADER, TOLERANCE_SECONDS } from './verify.js';

/**
 * Signs a delivery as GitLab does: with the first signing token (`whsec_…`), or, where the source has none, by the first
 * secret token, which is sent as it is.
 */
export function sign(_source: unknown, unsigned: Unsigned, now: number): Signed {
  const named = given({ 'x-gitlab-event': unsigned.eventName });
  const by = unsigned.secrets.findIndex((secret) => secret.startsWith('whsec_'));
  if (by >= 0) {
    const signed = signStandard({ ...unsigned, by, toleranceSeconds: TOLERANCE_SECONDS }, now);
    return { ...signed, headers: { ...named, ...signed.headers } };
  }
  return {
    by: 0,
    headers: { ...named, 'idempotency-key': unsigned.id },
    credential: { kind: 'plain', header: TOKEN_HEADER },
  };
}
