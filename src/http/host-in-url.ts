import { isIPv6 } from 'node:net';

/** Returns a host as it stands in a URL and in a `Host` header: an IPv6 address in brackets. */
export function inUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
