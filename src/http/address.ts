import ipaddr from 'ipaddr.js';

/** Says that an address leads somewhere private. A retry would lead there again. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Returns whether the public internet routes an IP address. Everything else is private: loopback, RFC 1918, link-local
 * and cloud metadata, carrier-grade NAT, unique local, multicast, reserved and documentation ranges, and the IPv6 forms
 * that carry an IPv4 address inside (mapped, 6to4, Teredo, NAT64), of which only a mapped one is unwrapped.
 *
 * Of IPv6, only 2000::/3 is given out to the public
 * (https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space.xhtml). It is checked here, because the
 * library takes unnamed ranges outside it for ordinary ones: `::7f00:1`, for example, which is 127.0.0.1 in an old
 * spelling.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  // Azure's own services answer every machine there, at this public address.
  if (parsed.toString() === '168.63.129.16') return false;
  return parsed.range() === 'unicast' && (!(parsed instanceof ipaddr.IPv6) || parsed.match(GIVEN_OUT));
}
