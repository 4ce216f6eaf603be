import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** What is looked at of a request. */
export type RequestHead = Pick<IncomingMessage, 'headers' | 'httpVersion'> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** What proxies, tunnels and load balancers set on the way: a request with one of these came from elsewhere. */
const FORWARDED = new RegExp(
  `^(?:${[
    ...['forwarded', 'via', 'cdn-loop', 'x-forwarded(?:-.*)?', 'x-original-.*', 'x-(?:real|client|cluster-client)-ip'],
    ...['x-remote-(?:ip|addr)', 'x-scheme', 'x-envoy-.*', 'l5d-.*', 'cf-.*', 'true-client-ip', 'fastly-.*', 'fly-.*'],
    ...['x-amzn-trace-id', 'x-amz-cf-.*', 'x-cloud-trace-context', 'x-appengine-.*', 'x-azure-.*', 'x-arr-.*'],
    ...['x-varnish', 'x-vercel-.*', 'x-nf-.*', 'ngrok-.*', 'tailscale-.*', 'x-proxyuser-ip', 'proxy-.*'],
  ].join('|')})$`,
);

const loopback = new BlockList();
// For IPv4 addresses that are written as IPv6 ones.
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Returns whether a request comes from a program on this machine, and for this machine: its connection does, the name that it calls
 * the server by is one of this machine's own, and nothing says that it was passed on. A page elsewhere whose name was made to lead
 * here calls it by that name. A proxy or tunnel on this machine that adds no header, and calls the server `127.0.0.1`, is not told
 * from a browser: nginx does so since 1.29.7 unless it is told otherwise.
 */
export function isHere(head: RequestHead): boolean {
  return (
    isLoopback(head.socket.remoteAddress ?? '') &&
    whyElsewhere(head) === undefined &&
    isOwnName(head.headers.host ?? '')
  );
}

/** Returns what shows that something on this machine passes on what others send, in words; undefined for what shows nothing. */
export function passedOn(head: RequestHead): string | undefined {
  return isLoopback(head.socket.remoteAddress ?? '') ? whyElsewhere(head) : undefined;
}

function whyElsewhere({ headers, httpVersion }: RequestHead): string | undefined {
  if (httpVersion === '1.0') return 'a request from this machine spoke HTTP/1.0, as proxies do';
  for (const name in headers)
    if (FORWARDED.test(name))
      return `a request from this machine had the header ${name}, which proxies and tunnels set`;
  const { host = '' } = headers;
  return isOwnName(host) || isAnyAddress(host)
    ? undefined
    : `a request from this machine was for ${JSON.stringify(host.slice(0, 100))}, which is not this machine's name`;
}

function isLoopback(address: string): boolean {
  if (address === '127.0.0.1' || address === '::1') return true;
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (isIPv4(plain)) return plain.startsWith('127.');
  return isIPv6(plain) && loopback.check(plain, 'ipv6');
}

/** Returns whether a `Host` is a name or an address that each machine has for itself. */
export function isOwnName(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name === 'localhost' || isLoopback(name.replace(/^\[(.*)\]$/, '$1'));
}

/** A server that listens on all addresses is called so by programs that were given its setting. */
function isAnyAddress(host: string): boolean {
  return /^(?:0\.0\.0\.0|\[::\])(?::\d+)?$/.test(host);
}
