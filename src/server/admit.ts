import type { IncomingMessage } from 'node:http';
import type { KnownSource, KnownSources } from '../intake/known-sources.js';
import type { SourceHeaders } from '../providers/webhook-scheme.js';
import { singleHeaders } from './http/headers.js';
import { HttpError } from './http/http-error.js';

/** A request that is worth reading the body of. */
export interface Admitted extends KnownSource {
  readonly name: string;
  readonly headers: SourceHeaders;
}

/** Decides by the headers alone. Throws {@link HttpError}. */
export function admit(req: IncomingMessage, name: string, sources: KnownSources): Admitted {
  const known = Object.hasOwn(sources, name) ? sources[name] : undefined;
  // A disabled source answers as one that never was: nobody learns which names are in use.
  if (!known?.source.enabled)
    throw new HttpError(404, "there is no such source; check the address in the webhook's settings");
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new HttpError(415, 'send the body without a content-encoding');
  }
  const { source, kind } = known;
  const headers = singleHeaders(req, kind.singletonHeaders);
  if (!kind.isSigned(headers) && !kind.isUnsignedPing?.(headers)) throw unverified();
  return { name, source, kind, headers };
}

/** One answer for whatever is wrong with a signature: no hint whether it was close. */
export function unverified(): HttpError {
  return new HttpError(
    401,
    "no secret of this source verifies the signature; check the secret in the webhook's settings",
  );
}
