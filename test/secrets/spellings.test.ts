import { expect, test } from 'vitest';
import { spellings } from '../../src/secrets/spellings.js';

const plain = (secret: string, words = false) => spellings(secret, { words });

test('a secret with nothing to escape is spelled as it is, in base64 wherever it begins, and in hexadecimal digits', () => {
  expect(plain('canary', true).sort()).toEqual(
    [
      'canary',
      ...['Y2FuYXJ5'],
      ...['NhbmFye', 'NhbmFyeQ', 'NhbmFyeQ==', 'NhbmFyeQ%3D%3D', 'NhbmFyeQ%3d%3d'],
      ...['jYW5hcn', 'jYW5hcnk', 'jYW5hcnk=', 'jYW5hcnk%3D', 'jYW5hcnk%3d'],
      ...['63616e617279', '63616E617279'],
    ].sort(),
  );
});

test('what is shorter than six characters has no spelling at all', () => {
  for (const short of ['', 'yes', 'short', ' short\n']) expect(plain(short, true)).toEqual([]);
  expect(plain('smtps://me:yes@mail.example')).not.toContain(Buffer.from('yes').toString('hex'));
});

test('a header’s scheme is left out of a secret of two words, with any blanks between them, and no word of a longer one', () => {
  expect(plain('Bearer  canary-0123')).toContain('canary-0123');
  const phrase = plain('correct mounted batteries', true);
  for (const word of ['correct', 'mounted', 'batteries']) expect(phrase).not.toContain(word);
});

test('of a signed token the last part is spelled too, also behind its scheme, and of a short one not', () => {
  const signature = 'c2lnbmF0dXJlLWNhbmFyeQ';
  for (const token of [`head.body.${signature}`, `Bearer head-1.body_2.${signature}`])
    expect(plain(token)).toContain(signature);
  expect(plain('head.body.c2lnbmF0dXJlLWNhbmF')).not.toContain('c2lnbmF0dXJlLWNhbmF');
  expect(plain(`he+ad.body.${signature}`)).not.toContain(signature);
  expect(plain(`head.key.${signature}.body.tag`)).not.toContain(signature);
});

test('a slash is spelled as JSON may write it', () => {
  expect(plain('canary/of/slashes')).toContain('canary\\/of\\/slashes');
});

const HOOK = 'https://hooks.example/services/T00000000/0123456789abcdef?key=fedcba9876543210&of=fedcba987654321';

test('of an address its long pieces are spelled, and its path with what is asked', () => {
  const all = plain(HOOK, true);
  for (const piece of ['0123456789abcdef', 'fedcba9876543210', HOOK.slice('https://hooks.example'.length)])
    expect(all).toContain(piece);
  for (const piece of ['services', 'T00000000', 'fedcba987654321', 'hooks.example']) expect(all).not.toContain(piece);
});

test('of an address a path of 16 characters is spelled, and no shorter one', () => {
  expect(plain('https://hooks.example/services/abcdef')).toContain('/services/abcdef');
  const short = plain('https://hooks.example/services/abcde');
  expect(short).not.toContain('/services/abcde');
  expect(short.filter((text) => /\s/.test(text))).toEqual([]);
});

test('of an address whose password is no URL encoding, the password is spelled as it stands', () => {
  expect(plain('postgres://me:pass%zzword@db.example')).toContain('pass%zzword');
});

test('what only begins as an address is spelled as a whole', () => {
  expect(plain('https://[canary-0123456789')).toContain('https://[canary-0123456789');
});

test('of a secret of several lines, each long one is spelled, and where words are left, none that is short', () => {
  const key = '-----BEGIN KEY-----\nfirst-line-of-it-----\nshort-line\nsecond-line-of-it\n-----END KEY-----';
  const all = plain(key);
  for (const line of ['first-line-of-it-----', 'second-line-of-it']) expect(all).toContain(line);
  for (const line of ['-----BEGIN KEY-----', '-----END KEY-----', 'short-line']) expect(all).not.toContain(line);
  expect(plain(key, true)).toContain('short-line');
});

test('an apostrophe is spelled as HTML writes it, by its number in one way or the other', () => {
  const all = plain("canary's-own");
  for (const html of ['canary&#39;s-own', 'canary&#x27;s-own', "canary's-own"]) expect(all).toContain(html);
});

test('what JSON, HTML and addresses write otherwise is spelled as each of them does', () => {
  const secret = `it's é & "<>"`;
  expect(plain(secret)).toEqual(
    expect.arrayContaining([
      'it\'s \\u00e9 & \\"<>\\"',
      `it's é &amp; &quot;&lt;&gt;&quot;`,
      `it&#39;s é &amp; &quot;&lt;&gt;&quot;`,
      `it&#x27;s é &amp; &quot;&lt;&gt;&quot;`,
    ]),
  );
  // In base64 it has both signs that addresses do not take.
  expect(plain('>>>???')).toEqual(expect.arrayContaining(['Pj4+Pz8/', 'Pj4-Pz8_']));
});
