import { networkInterfaces } from 'node:os';

/** Where slirp4netns takes packets: the second address of its network. */
const GATEWAY = '10.0.2.2';

/**
 * What is no address of the internet: of this machine's and its provider's networks, and what answers there only to who asks from within,
 * such as a cloud's metadata (169.254.169.254). Source: https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const PRIVATE = [
  ...['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '240.0.0.0/4'],
];

/**
 * Returns what keeps programs in a network off private addresses and off this machine's own, as lines for `ip -batch`. Only who may
 * administer the network could take it back: no step may. `reachable`: addresses and ranges that stay reachable all the same.
 */
export function routesOf(reachable: readonly string[]): string[] {
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => `${address}/32`);
  return [
    ...[...PRIVATE, ...new Set(own)].map((range) => `route replace unreachable ${range}`),
    ...reachable.map((range) => `route replace ${range} via ${GATEWAY}`),
  ];
}
