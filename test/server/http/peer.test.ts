import { expect, test } from 'vitest';
import type { TrustedProxies } from '../../../src/config/trusted-proxies.js';
import { createPeerOf, networkOf } from '../../../src/server/http/peer.js';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['2001:db8::', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('the address %s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

const PROXY = '10.0.0.1';
const SENDER = '198.51.100.7';
const LIAR = '203.0.113.9';

test.each<[string, { trusted: TrustedProxies; from: string; forwarded?: string; peer: string }]>([
  ['nobody is trusted by default', { trusted: [], from: LIAR, forwarded: SENDER, peer: LIAR }],
  ['nobody is trusted with no proxies', { trusted: 0, from: LIAR, forwarded: SENDER, peer: LIAR }],
  ['a proxy is believed', { trusted: [PROXY], from: PROXY, forwarded: SENDER, peer: SENDER }],
  ['a proxy in a range is believed', { trusted: ['10.0.0.0/8'], from: PROXY, forwarded: SENDER, peer: SENDER }],
  ['a proxy in a named range is believed', { trusted: ['uniquelocal'], from: PROXY, forwarded: SENDER, peer: SENDER }],
  ['the nearest of one proxy is believed', { trusted: 1, from: PROXY, forwarded: SENDER, peer: SENDER }],
  [
    'the nearest of two proxies are believed',
    { trusted: 2, from: PROXY, forwarded: `${SENDER}, 10.0.0.2`, peer: SENDER },
  ],
  ['no more than one proxy is believed', { trusted: 1, from: PROXY, forwarded: `${LIAR}, ${SENDER}`, peer: SENDER }],
  [
    'what a sender wrote itself is not believed',
    { trusted: [PROXY], from: PROXY, forwarded: `${LIAR}, ${SENDER}`, peer: SENDER },
  ],
  [
    'proxies behind one another are believed',
    { trusted: ['10.0.0.0/8'], from: PROXY, forwarded: `${SENDER},10.9.9.9`, peer: SENDER },
  ],
  ['who is no proxy is not believed', { trusted: [PROXY], from: LIAR, forwarded: SENDER, peer: LIAR }],
  ['who is no proxy is not believed when it names one', { trusted: [PROXY], from: LIAR, forwarded: PROXY, peer: LIAR }],
  ['without the header it is the proxy itself', { trusted: [PROXY], from: PROXY, peer: PROXY }],
  ['what is no address is not believed', { trusted: [PROXY], from: PROXY, forwarded: 'unknown', peer: PROXY }],
  [
    'what stands before something that is no address is not believed',
    { trusted: 3, from: PROXY, forwarded: `${SENDER}, x`, peer: PROXY },
  ],
  ['ports are left out', { trusted: [PROXY], from: PROXY, forwarded: `${SENDER}:4711`, peer: SENDER }],
  [
    'ports of IPv6 are left out',
    { trusted: [PROXY], from: PROXY, forwarded: '[2001:db8::1]:4711', peer: '2001:db8:0:0::/64' },
  ],
  [
    'an IPv4 proxy may have an IPv6 name',
    { trusted: [PROXY], from: `::ffff:${PROXY}`, forwarded: SENDER, peer: SENDER },
  ],
  ['an IPv6 proxy is believed', { trusted: ['loopback'], from: '::1', forwarded: SENDER, peer: SENDER }],
  [
    'an IPv6 address with a zone can be a proxy',
    { trusted: ['linklocal'], from: 'fe80::1%eth0', forwarded: SENDER, peer: SENDER },
  ],
])('%s', (_, { trusted, from, forwarded, peer }) => {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  expect(createPeerOf(trusted)({ headers, socket: { remoteAddress: from } })).toBe(peer);
});
