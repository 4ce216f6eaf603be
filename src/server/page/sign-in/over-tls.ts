import type { IncomingMessage } from 'node:http';
import { isOwnName } from './is-here.js';

/**
 * Returns whether a browser came over TLS, also where a proxy ends it: by the public address, by the page that it says it came from
 * here, or by a header that browsers send over TLS, and to this machine, alone.
 */
export function isOverTls({ headers }: Pick<IncomingMessage, 'headers'>, publicUrl: string | undefined): boolean {
  if (publicUrl?.startsWith('https:')) return true;
  const site = headers['sec-fetch-site'];
  const from = headers.origin ?? headers.referer ?? '';
  if (URL.canParse(from)) {
    const { protocol, host } = new URL(from);
    if (site === 'same-origin' || host === headers.host) return protocol === 'https:';
  }
  return site !== undefined && !isOwnName(headers.host ?? '');
}
