import type { IncomingMessage } from 'node:http';
import type { Sender } from '../intake/delivery.js';
import type { KnownSources } from '../providers/known-sources.js';
import { singleHeaders } from './http/headers.js';
import { HttpError } from './http/http-error.js';

/** What the headers of a request tell of it. */
export interface Admitted {
  readonly sender: Sender;
  /** `ping`: its body is not needed. `verified`: the headers have verified it. `open`: the body has to be verified. */
  readonly kind: 'ping' | 'verified' | 'open';
}

/**
 * Decides by the headers alone whether a request's body is worth reading. What the headers are enough to refuse is refused
 * here, with the answer that it would have later. Throws {@link HttpError}. `now`: Unix ms.
 */
export function admit(
  req: IncomingMessage,
  name: string,
  { sources, now }: { readonly sources: KnownSources; readonly now: number },
): Admitted {
  const known = Object.hasOwn(sources, name) ? sources[name] : undefined;
  // A disabled source answers as one that never was: nobody learns which names are in use.
  if (!known?.source.enabled)
    throw new HttpError(404, "there is no such source; check the address in the webhook's settings");
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new HttpError(415, 'send the body without a content-encoding');
  }
  const { source, scheme, reconciledByState } = known;
  const headers = singleHeaders(req, scheme.singletonHeaders);
  const sender: Sender = { source, scheme, reconciledByState, name, headers };
  if (!scheme.isSigned(headers)) {
    if (scheme.isUnsignedPing?.(headers)) return { sender, kind: 'ping' };
    throw unverified();
  }
  const verified = scheme.verifyHeaders?.(headers, now);
  if (verified === false) throw unverified();
  return { sender, kind: verified ? 'verified' : 'open' };
}

/** Returns the one error for whatever is wrong with a signature: it gives no hint whether it was close. */
export function unverified(): HttpError {
  return new HttpError(
    401,
    "no secret of this source verifies the signature; check the secret in the webhook's settings",
  );
}
