import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.js';

const problemsOf = (server: object): string[] => {
  const read = configSchema.safeParse({ sources: { github: { kind: 'github', secrets: [{ env: 'X' }] } }, server });
  return read.success ? [] : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

const proxy = { header: 'X-Forwarded-User', operators: ['anna'] };
const oidc = { issuer: 'https://login.example', clientId: 'hookyard', operators: ['anna@example.com'] };
const publicUrl = 'https://hooks.example';

test.each([
  ['the header of a proxy with an address', { trustedProxies: ['10.0.0.0/8'], signIn: { proxy } }],
  ['OpenID Connect with a public address', { publicUrl, signIn: { oidc } }],
  [
    'a provider on this machine',
    { publicUrl, signIn: { oidc: { ...oidc, issuer: 'http://127.0.0.1:8080/realms/x' } } },
  ],
  ['this machine', { signIn: { loopback: 'required' } }],
])('people may sign in by %s', (_, server) => {
  expect(problemsOf(server)).toEqual([]);
});

test.each([
  ['server.signIn.proxy: needs server.trustedProxies as a list of addresses', { signIn: { proxy } }],
  ['server.signIn.proxy: needs server.trustedProxies as a list of addresses', { trustedProxies: 1, signIn: { proxy } }],
  ['server.signIn.oidc: needs server.publicUrl', { signIn: { oidc } }],
  [
    'server.signIn.oidc.issuer: must begin with https://',
    { publicUrl, signIn: { oidc: { ...oidc, issuer: 'http://login.example' } } },
  ],
  [
    'server.signIn.oidc.issuer: must begin with https://',
    { publicUrl, signIn: { oidc: { ...oidc, issuer: 'http://localhost.evil.example' } } },
  ],
  ['server.signIn.oidc: lets nobody in', { publicUrl, signIn: { oidc: { ...oidc, operators: [] } } }],
  ['server.signIn.proxy: lets nobody in', { trustedProxies: ['10.0.0.1'], signIn: { proxy: { header: 'x-user' } } }],
  [
    'server.signIn.proxy.header: must be the name of a header',
    { trustedProxies: ['10.0.0.1'], signIn: { proxy: { ...proxy, header: 'a b' } } },
  ],
  ["server.signIn.loopback: must be 'open' or 'required'", { signIn: { loopback: true } }],
])('a configuration that could not work, or would let anybody in, is refused: %s', (problem, server) => {
  expect(problemsOf(server)).toEqual([expect.stringContaining(problem)]);
});
