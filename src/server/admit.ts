import type { IncomingMessage } from 'node:http';
import type { Sender } from '../intake/delivery.js';
import type { KnownSources } from '../providers/known-sources.js';
import { singleHeaders } from './http/headers.js';
import { HttpError } from './http/http-error.js';

/** Decides by the headers alone whether a request's body is worth reading. Throws {@link HttpError}. */
export function admit(req: IncomingMessage, name: string, sources: KnownSources): Sender {
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
  if (!scheme.isSigned(headers) && !scheme.isUnsignedPing?.(headers)) throw unverified();
  return { source, scheme, reconciledByState, name, headers };
}

/** Returns the one error for whatever is wrong with a signature: it gives no hint whether it was close. */
export function unverified(): HttpError {
  return new HttpError(
    401,
    "no secret of this source verifies the signature; check the secret in the webhook's settings",
  );
}
