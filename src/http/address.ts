import ipaddr from 'ipaddr.js';

/** The address leads somewhere private. Final: trying again would lead there again. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address is one that the public internet routes. Everything else is private: loopback, RFC 1918,
 * link-local and cloud metadata, carrier-grade NAT, unique local, multicast, reserved and documentation ranges, and the
 * IPv6 forms that carry an IPv4 address inside (mapped, 6to4, Teredo, NAT64), of which only a mapped one is unwrapped.
 *
 * Of IPv6, only 2000::/3 is given out to the public
 * (https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space.xhtml). Asked on its own, because the library
 * takes for ordinary what lies outside and has no name: `::7f00:1`, which is 127.0.0.1 in an old spelling, for example.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  // Azure's own services answer every machine there, at this public address.
  if (parsed.toString() === '168.63.129.16') return false;
  return parsed.range() === 'unicast' && (!(parsed instanceof ipaddr.IPv6) || parsed.match(GIVEN_OUT));
}
