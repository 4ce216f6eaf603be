import { expect, test } from 'vitest';
import { readAddress, resolveAddress } from '../../../src/activities/checkout/address.js';

test.each([
  ['https://git.example/acme/app.git', { kind: 'http', origin: 'https://git.example', path: '/acme/app.git' }],
  ['HTTPS://GIT.example:443/a/b', { kind: 'http', url: 'https://git.example/a/b' }],
  ['https://acme@dev.example/acme/_git/app', { kind: 'http', url: 'https://dev.example/acme/_git/app' }],
  ['https://git.example/a/../b?x=1#y', { kind: 'http', url: 'https://git.example/b' }],
  ['git@git.example:acme/app.git', { kind: 'ssh', hostname: 'git.example', path: 'acme/app.git' }],
  ['ssh://git@git.example:7999/acme/app.git', { kind: 'ssh', url: 'ssh://git@git.example:7999/acme/app.git' }],
  ['/srv/git/../other/app.git', { kind: 'file', url: '/srv/other/app.git' }],
  ['file:///srv/git/app.git', { kind: 'file', url: '/srv/git/app.git' }],
])('%s is an address that git may be given', (text, address) => {
  expect(readAddress(text)).toMatchObject(address);
});

test.each([
  'ext::sh -c touch% /tmp/x',
  'ext::sh',
  'fd::17',
  'git://git.example/app.git',
  'ftp://git.example/app.git',
  'https://user:password@git.example/app.git',
  'ssh://-oProxyCommand=id/app.git',
  'ssh://-oProxyCommand@git.example/app.git',
  '-oProxyCommand=id:app.git',
  '--upload-pack=id',
  'user:password@git.example:app.git',
  'git@git.example:-x',
  'https://git.example\\@evil.example/app.git',
  'https://git.example/a\nb',
  'https://git.example/%2e%2e%2fetc',
  'file://elsewhere/srv/app.git',
  'app.git',
  '',
  `https://git.example/${'x'.repeat(3_000)}`,
])('%j is none', (text) => {
  expect(readAddress(text)).toBeUndefined();
});

test.each([
  ['https://git.example/acme/app.git', '../lib.git', 'https://git.example/acme/lib.git'],
  ['https://git.example/acme/app.git', '../../other/lib', 'https://git.example/other/lib'],
  ['https://git.example/acme/app/', './lib', 'https://git.example/acme/app/lib'],
  ['git@git.example:acme/app.git', '../lib.git', 'git@git.example:acme/lib.git'],
  ['ssh://git@git.example:22/acme/app.git', '../lib.git', 'ssh://git@git.example:22/acme/lib.git'],
  ['/srv/git/acme/app.git', '../lib.git', '/srv/git/acme/lib.git'],
])('of %s, %s is %s', (base, relative, address) => {
  expect(resolveAddress(base, relative)).toBe(address);
});

test.each([
  ['https://git.example/acme/app.git', '../../../evil.example/lib.git'],
  ['git@git.example:acme/app.git', '../../../evil.example:lib.git'],
  ['https://git.example/acme/app.git', '../..'],
])('of %s, %s leads to no other host', (base, relative) => {
  expect(resolveAddress(base, relative)).toBeUndefined();
});
