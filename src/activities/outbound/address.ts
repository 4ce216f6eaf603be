import ipaddr from 'ipaddr.js';

/** The address leads somewhere private. Final: trying again would lead there again. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/**
 * Whether an IP address is one that the public internet routes. Everything else is private: loopback, RFC 1918,
 * link-local and cloud metadata, carrier-grade NAT, unique local, multicast, reserved and documentation ranges, and the
 * IPv6 forms that carry an IPv4 address inside (mapped, 6to4, Teredo, NAT64), of which only a mapped one is unwrapped.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast';
}
