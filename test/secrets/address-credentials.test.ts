import { expect, test } from 'vitest';
import { holdsCredentials, withoutUser } from '../../src/secrets/address-credentials.js';
import { withoutCredentials } from '../../src/secrets/without-credentials.js';

test.each([
  'https://user:password@host/path',
  'HTTP://user:password@host',
  '  https://user:password@host',
  '\thttps://user:password@host',
  'https://token@host/path',
  'https://:password@host',
  'https://user:@host',
  'http:\\\\user:password@host\\path',
  'http:/user:password@host',
  'ssh://user:password@host/path',
  'SSH://git:password@host:22/path',
  'git+ssh://git:password@host/path',
  'ftp://user:password@host',
  'file://user:password@host/path',
  'user:password@host:path',
  'git::https://user:password@host/path',
  'https://proxy.example/https://user:password@host/path',
])('%j holds credentials', (address) => expect(holdsCredentials(address)).toBe(true));

test.each([
  'https://host/path',
  'https://host:8443/@user/path',
  'https://host/path?mail=a@b.example',
  'https://host/a:b@c',
  'ssh://git@host/path',
  'ssh://git@host:22/path',
  'git@host:path',
  'git@host:owner/na@me.git',
  '/srv/git/{fullName}.git',
  '/srv/a:b@c',
  'file:///srv/git/@scope/name.git',
  '{url}/{fullName}.git',
  'host',
  '',
])('%j holds none', (address) => expect(holdsCredentials(address)).toBe(false));

test('a page that is shown loses its user, and is as it was without one', () => {
  expect(withoutUser('https://user:password@host/path?a=b#c')).toBe('https://host/path?a=b#c');
  expect(withoutUser('https://host/%7Epath')).toBe('https://host/%7Epath');
});

test.each([
  ['fatal: unable to access https://u:p@host/x.git/: no', 'fatal: unable to access https://***@host/x.git/: no'],
  ['SSH://u:p@host', 'SSH://***@host'],
  ["unable to access 'https://u:p@ss@host/x@1'", "unable to access 'https://***@host/x@1'"],
  ['http:\\\\u:p@host', 'http:\\\\***@host'],
  ['clone https://ghp_0123456789@host/x', 'clone https://***@host/x'],
  ['ssh://git@host/x and mail a@b.example', 'ssh://git@host/x and mail a@b.example'],
  ['> Authorization: Basic dTpw', '> Authorization: ***'],
  ['{"authorization":"Bearer abc","host":"x"}', '{"authorization":"***","host":"x"}'],
  ['{\\"Proxy-Authorization\\": \\"Basic abc\\"}', '{\\"Proxy-Authorization\\": \\"***\\"}'],
  ['> Authorization: Bearer\tabc', '> Authorization: ***'],
  ['{"Authorization":["Basic dTpw="],"Host":["x"]}', '{"Authorization":["***"],"Host":["x"]}'],
  ['{\\"Authorization\\": [ \\"Basic abc\\"]}', '{\\"Authorization\\": [ \\"***\\"]}'],
  ['map[Authorization:[Basic dTpw=] Host:[x]]', 'map[Authorization:[*** Host:[x]]'],
  ['{"Authorization"=>"Bearer abc"}', '{"Authorization"=>"***"}'],
  ['[Authorization] => Basic dTpw', '[Authorization] => ***'],
  ["('Authorization', 'Basic dTpw')", "('Authorization', '***')"],
  ['["Host","x","Authorization","Basic dTpw"]', '["Host","x","Authorization","***"]'],
  ['{"name":"authorization","value":"Basic dTpw"}', '{"name":"authorization","value":"***"}'],
  ["('Authorization', 'Digest username=abc, realm=x')", "('Authorization', '***, realm=x')"],
  ["('Authorization', 'Own-Key abc-1')", "('Authorization', '***')"],
  ["('Authorization', 'Basic dTpwYX", "('Authorization', '***"],
  ['["Host","x","Authorization","Basic dTpwYX…\nfatal: no', '["Host","x","Authorization","***\nfatal: no'],
  ['[\\"Authorization\\",\\"Basic dTpw\\"]', '[\\"Authorization\\",\\"***\\"]'],
  ["[(b'Authorization', b'Basic dTpw')]", "[(b'Authorization', b'***')]"],
  ["{b'Authorization': b'Basic dTpw'}", "{b'Authorization': b'***'}"],
  ['> Authorization: DeepL-Auth-Key 0123-abc:fx', '> Authorization: ***'],
  ['> Authorization: Token token="abc"', '> Authorization: ***"'],
  ['authorization failed for the source', 'authorization failed for the source'],
  ['the header "authorization", which is there', 'the header "authorization", which is there'],
])('of %j, what its form shows to be a credential is left out', (text, shown) =>
  expect(withoutCredentials(text)).toBe(shown),
);

test.each([
  { run: 'authorization/hub/1', automation: 'authorization', outcome: 'failed' },
  { repository: { name: 'authorization', full_name: 'acme/authorization', private: false } },
  { topics: ['authorization', 'oauth2'], labels: [{ name: 'authorization', color: 'ededed' }] },
  { labels: ['authorization', 'good first issue'], topics: ['Authorization', 'needs a second look'] },
  { labels: ['authorization', 'help wanted'], said: JSON.stringify(['authorization', 'Needs triage']) },
  { allowed: ['Authorization', 'Content-Type'], name: 'Authorization', description: 'a word or more' },
  { authorization: { outcome: 'passed', tests: 12 }, id: 1 },
  { of: [{ authorization: true }, { authorization: null, id: 1 }, { authorization: -1.5 }, { authorization: 1 }] },
  { of: [{ authorization: [] }, { authorization: [1, 2] }, { authorization: [{ id: 1 }] }, { authorization: {} }] },
])('JSON in which something is called as the header stays as it is: %j', (value) => {
  const texts = [JSON.stringify(value), JSON.stringify(value, null, 2)];
  for (const text of texts) expect(withoutCredentials(text)).toBe(text);
});

test('a text of 2 MB that is full of beginnings of addresses and headers is looked through', () => {
  for (const piece of ['a-', 'a:', 'a://', 'authorization ', 'authorization: ', 'authorization", ', 'a://@']) {
    const text = piece.repeat(2_000_000 / piece.length);
    expect(withoutCredentials(`${text}; https://u-1:canary@host`)).toContain('https://***@host');
  }
});

test('an address of 2 MB of colons, slashes or names is looked through', () => {
  for (const piece of [':', '/', 'a:', 'a://', '@:']) {
    const text = piece.repeat(2_000_000 / piece.length);
    expect(holdsCredentials(`/srv/a://${text}`)).toBe(false);
    expect(holdsCredentials(`/srv/a://${text}/a://user:password@host`)).toBe(true);
  }
});
