import type { IncomingMessage } from 'node:http';

/**
 * Returns whom a request comes from, as its room is counted: the IPv4 address, or the first half of an IPv6 one, since each
 * customer of a network has at least all addresses that share it.
 */
export function peerOf({ socket }: Pick<IncomingMessage, 'socket'>): string {
  return networkOf(socket.remoteAddress ?? '');
}

/** Returns an address as {@link peerOf} does; any other text as it is. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [begin = '', end] = address.replace(/%.*$/, '').split('::');
  const groups = begin === '' ? [] : begin.split(':');
  const missing = end === undefined ? 0 : 8 - groups.length - (end === '' ? 0 : end.split(':').length);
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(end ? end.split(':') : [])];
  return `${all.slice(0, 4).join(':')}::/64`;
}
