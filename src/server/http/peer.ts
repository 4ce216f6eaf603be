import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { rangesOf, type TrustedProxies } from '../../config/trusted-proxies.js';

/** Returns whom a request comes from, as its room is counted, see {@link networkOf}. */
export type PeerOf = (
  req: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } },
) => string;

/**
 * Returns what tells whom a request comes from: the address of the connection, and behind proxies that are trusted the last
 * one that they did not have themselves. What others write into `X-Forwarded-For` counts for nothing.
 */
export function createPeerOf(trusted: TrustedProxies): PeerOf {
  const isTrusted = trust(trusted);
  return ({ headers, socket }) => {
    let address = plain(socket.remoteAddress ?? '');
    const told = headers['x-forwarded-for'];
    if (told === undefined) return networkOf(address);
    const forwarded = [told].flat().join(',').split(',').reverse();
    for (const [hop, text] of forwarded.entries()) {
      const before = withoutPort(text.trim());
      if (isIP(before) === 0 || !isTrusted(address, hop)) break;
      address = plain(before);
    }
    return networkOf(address);
  };
}

/** Returns what tells whether an address is that of a trusted proxy which has this process as its next. */
export function createIsProxy(trusted: TrustedProxies): (address: string | undefined) => boolean {
  const isTrusted = trust(trusted);
  return (address = '') => isTrusted(plain(address), 0);
}

/** Whether an address is a proxy's: by itself, or by how many there are between it and this process. */
function trust(trusted: TrustedProxies): (address: string, hop: number) => boolean {
  if (typeof trusted === 'number') return (_, hop) => hop < trusted;
  const list = new BlockList();
  for (const { address, bits, family } of trusted.flatMap((text) => rangesOf(text) ?? []))
    list.addSubnet(address, bits, family);
  return (address) => isIP(address) > 0 && list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

/** Some proxies add the port that a connection came from: `192.0.2.7:4711`, `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}

/** Returns an IPv4 address that is written as an IPv6 one as itself, and an address without its zone. */
function plain(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address.replace(/%.*$/, '');
}

/**
 * Returns the network of an address: the IPv4 address itself, or the first half of an IPv6 one, since each customer of a
 * network has at least all addresses that share it. Any other text as it is.
 */
export function networkOf(address: string): string {
  const whole = plain(address);
  if (!whole.includes(':')) return whole;
  const [begin = '', end] = whole.split('::');
  const groups = begin === '' ? [] : begin.split(':');
  const missing = end === undefined ? 0 : 8 - groups.length - (end === '' ? 0 : end.split(':').length);
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(end ? end.split(':') : [])];
  return `${all.slice(0, 4).join(':')}::/64`;
}
