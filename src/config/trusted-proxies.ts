import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

/** Addresses that belong together: those whose first `bits` are those of `address`. */
export interface AddressRange {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Ranges by the names that Express has for them. Source: https://expressjs.com/en/guide/behind-proxies.html */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};
/** More proxies in a row than anybody has. */
const MAX_HOPS = 10;

/** Returns the ranges that an address, a range in CIDR notation or a name stands for; undefined where it is none of them. */
export function rangesOf(text: string): readonly AddressRange[] | undefined {
  const named = NAMED[text];
  if (named) return named.flatMap((range) => rangesOf(range) ?? []);
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) && !address.includes('%') ? 'ipv6' : undefined;
  if (family === undefined || rest.length > 0) return undefined;
  const most = family === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [{ address, bits: most, family }];
  // Everybody would be a proxy with 0.
  if (!/^[1-9]\d*$/.test(bits) || Number(bits) > most) return undefined;
  return [{ address, bits: Number(bits), family }];
}

/** Whose `X-Forwarded-For` is believed: so many proxies in a row, or those with these addresses. */
export const trustedProxies = z
  .union(
    [
      z.int().min(0).max(MAX_HOPS),
      z.array(
        z
          .string()
          .refine(
            (text) => rangesOf(text) !== undefined,
            `must be an IP address, a range such as 10.0.0.0/8, or one of ${Object.keys(NAMED).join(', ')}`,
          ),
      ),
    ],
    `must be a number of proxies, 0 to ${MAX_HOPS}, or a list of their addresses and ranges`,
  )
  .default([]);

/** Which proxies a receiver trusts. */
export type TrustedProxies = z.output<typeof trustedProxies>;
