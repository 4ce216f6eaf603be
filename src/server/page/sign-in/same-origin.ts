import type { IncomingMessage } from 'node:http';

/**
 * Returns whether a request was sent by the page itself, and not by another site's: by what the browser says of it, which no site can
 * change, or by the page that it came from. Where nothing says it, it was not. `publicUrl`: what others call this server.
 */
export function isSameOrigin({ headers }: Pick<IncomingMessage, 'headers'>, publicUrl: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const from = headers.origin ?? headers.referer;
  if (from === undefined || !URL.canParse(from)) return false;
  const { host, origin } = new URL(from);
  const own = publicUrl === undefined ? undefined : new URL(publicUrl);
  // Anybody on the way may write a page of the same name without TLS.
  return host === own?.host ? origin === own.origin : host === headers.host;
}
