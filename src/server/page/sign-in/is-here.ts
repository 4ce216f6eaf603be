import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What is looked at of a request. */
export type RequestHead = Pick<IncomingMessage, 'headers' | 'httpVersion'> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** What is set on the way: a request with one of these came from elsewhere. */
const FORWARDED = /^(?:forwarded|via|x-forwarded-.*|x-real-ip|x-client-ip|cf-.*|true-client-ip|x-original-.*)$/;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Returns whether a request comes from a program on this machine, and for this machine: its connection does, the name that it calls
 * the server by is one of this machine's own, and nothing says that it was passed on. A page elsewhere whose name was made to lead
 * here calls it by that name. Browsers speak HTTP/1.1; proxies that were told nothing else speak HTTP/1.0, and send no such header.
 */
export function isHere({ headers, httpVersion, socket }: RequestHead): boolean {
  const passedOn = httpVersion === '1.0' || Object.keys(headers).some((name) => FORWARDED.test(name));
  return !passedOn && isLoopback(socket.remoteAddress ?? '') && isOwnName(headers.host ?? '');
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (isIPv4(plain)) return loopback.check(plain, 'ipv4');
  return isIPv6(plain) && loopback.check(plain, 'ipv6');
}

function isOwnName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || isLoopback(name.replace(/^\[(.*)\]$/, '$1'));
}
