import { expect, test } from 'vitest';
import { isHere, passedOn } from '../../../src/server/page/sign-in/is-here.js';

const head = (
  change: { address?: string; host?: string; version?: string; headers?: Record<string, string> } = {},
) => ({
  httpVersion: change.version ?? '1.1',
  headers: { host: change.host ?? '127.0.0.1:3000', ...change.headers },
  socket: { remoteAddress: change.address ?? '127.0.0.1' },
});

test.each([
  ['127.0.0.1', '127.0.0.1:3000'],
  ['127.0.0.1', 'localhost:3000'],
  ['::1', '[::1]:3000'],
  ['::ffff:127.0.0.1', 'LOCALHOST'],
  ['127.9.9.9', '127.0.0.2'],
])('who comes from %s and says %s is on this machine', (address, host) => {
  expect(isHere(head({ address, host }))).toBe(true);
});

test.each([
  ['another machine', { address: '10.0.0.9' }],
  ['another machine that says localhost', { address: '192.0.2.1', host: 'localhost:3000' }],
  ['a name that was made to lead here', { host: 'rebound.example:3000' }],
  ['a name that begins like one of this machine', { host: 'localhost.evil.example' }],
  ['a name that looks like an address', { host: '127.0.0.1.evil.example' }],
  ['no name', { host: '' }],
  ['a proxy that says so', { headers: { 'x-forwarded-for': '192.0.2.1' } }],
  ['a proxy that says for which name', { headers: { 'x-forwarded-host': 'hooks.example' } }],
  ['a proxy in the standard words', { headers: { forwarded: 'for=192.0.2.1' } }],
  ['a tunnel', { headers: { 'cf-connecting-ip': '192.0.2.1' } }],
  ['nginx before 1.29.7, as it is without settings', { version: '1.0' }],
  ['Envoy', { headers: { 'x-envoy-external-address': '192.0.2.1' } }],
  ['a load balancer of a cluster', { headers: { 'x-cluster-client-ip': '192.0.2.1' } }],
  ['a network that delivers content', { headers: { 'fastly-client-ip': '192.0.2.1' } }],
  ['a mesh', { headers: { 'l5d-client-id': 'a' } }],
  ['an address that is none', { address: 'nonsense' }],
])('%s is not on this machine', (_, change) => {
  expect(isHere(head(change))).toBe(false);
});

test.each([
  ['HTTP/1.0', { version: '1.0' }, 'HTTP/1.0'],
  ['a header', { headers: { 'x-forwarded-for': '192.0.2.1' } }, 'x-forwarded-for'],
  ['a name', { host: 'hooks.example' }, '"hooks.example"'],
])('%s shows that something on this machine passes on what others send', (_, change, says) => {
  expect(passedOn(head(change))).toContain(says);
  expect(passedOn(head({ ...change, address: '192.0.2.1' }))).toBeUndefined();
});

test.each([
  ['a browser', {}],
  ['a program that was given the address that the server listens on', { host: '0.0.0.0:3000' }],
  ['a provider that numbers its requests', { headers: { 'x-request-id': 'a', 'x-request-uuid': 'b' } }],
  ['a sender of notifications', { headers: { 'x-amz-sns-message-type': 'Notification' } }],
])('%s shows nothing of the kind', (_, change) => {
  expect(passedOn(head(change))).toBeUndefined();
});
