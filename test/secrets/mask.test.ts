import { expect, test } from 'vitest';
import { createMask, secretsIn } from '../../src/secrets/mask.js';
import { Secret } from '../../src/secrets/secret.js';

const SECRET = 'canary-of-a-secret?>~';
const mask = createMask([new Secret(SECRET)]);
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  ['plain', SECRET],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in base64', base64(SECRET)],
  ['in base64, with a line break at its end', base64(`${SECRET}\n`)],
  ['in base64, behind a user’s name', base64(`me:${SECRET}`)],
  ['in base64, behind a longer one', base64(`you:${SECRET}:more`)],
  ['in base64, behind a longer one still', base64(`token:${SECRET}`)],
  ['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
])('a mask hides a secret %s', (_, text) => {
  const masked = mask(`before ${text} after`);
  expect(masked).toMatch(/^before .{0,12}\*\*\*.{0,10} after$/);
  for (let i = 0; i + 12 <= text.length; i++) {
    const piece = text.slice(i, i + 12);
    // What belongs to the user's name may stay.
    if (i >= 8 && i + 12 <= text.length - 8) expect(masked).not.toContain(piece);
  }
});

test('a mask hides each line of a secret that has several, also within JSON', () => {
  const key = `-----BEGIN KEY-----\n${'canary'.repeat(15)}\n${'second'.repeat(15)}\n-----END KEY-----\n`;
  const hide = createMask([new Secret(key)]);
  expect(hide(key)).toBe('***\n');
  expect(hide(`x\n${'canary'.repeat(15)}`)).toBe('x\n***');
  expect(hide(JSON.stringify({ key }))).toBe('{"key":"***\\n"}');
});

// 76 columns are those of `base64`, 64 those of `openssl base64` and of PEM files.
test.each([76, 64])('a mask hides a secret in base64 that is broken into lines of %i columns', (columns) => {
  const key = `-----BEGIN KEY-----\n${'canary'.repeat(15)}\n${'second'.repeat(15)}\n-----END KEY-----\n`;
  const hide = createMask([new Secret(key)]);
  const lines = base64(key).match(new RegExp(`.{${columns}}`, 'g')) ?? [];
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(hide(line)).toBe('***');
});

test('a mask hides a line of a secret alone, without the blanks around it, and as JSON writes it', () => {
  const hide = createMask([new Secret('  first "line" of it  \r\n\tsecond line of it ')]);
  expect(hide('<first "line" of it>')).toBe('<***>');
  expect(hide('<second line of it>')).toBe('<***>');
  expect(hide('"first \\"line\\" of it"')).toBe('"***"');
  expect(hide('first%20%22line%22%20of%20it')).toBe('***');
});

test('a mask hides the longest spelling as a whole: one secret may be part of another', () => {
  const hide = createMask([new Secret('canary'), new Secret('canary-and-more'), new Secret('x-canary-and-more-y')]);
  expect(hide('x-canary-and-more-y canary-and-more canary')).toBe('*** *** ***');
});

test('a mask leaves values of five characters alone, which would blot out ordinary words, and hides those of six', () => {
  expect(createMask([new Secret('yes')])('yes, it does')).toBe('yes, it does');
  expect(createMask([new Secret('seven')])(base64('seven'))).toBe(base64('seven'));
  expect(createMask([new Secret('seven\nabcdef')])('seven abcdef')).toBe('seven ***');
  expect(createMask([new Secret('')])('any words')).toBe('any words');
});

test('a mask hides the whole of a secret in base64 for URLs, and no short piece of one in base64', () => {
  const secret = 'canary???>>>';
  expect(createMask([new Secret(secret)])(Buffer.from(secret).toString('base64url'))).toBe('***');
  expect(createMask([new Secret('seven\nabcdef')])(base64('seven'))).toBe(base64('seven'));
  // Of the last of its lines in base64, one character depends on the secret alone.
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/';
  expect(createMask([new Secret('x'.repeat(58))])(letters)).toBe(letters);
});

test('the secrets of a configuration are found wherever they stand', () => {
  const secrets = ['one', 'two', 'three'].map((value) => new Secret(value));
  const [one, two, three] = secrets;
  expect(secretsIn({ a: one, b: { c: [two, 'x', null, 7, undefined] }, d: null, e: [[{ f: three }]] })).toEqual(
    secrets,
  );
  expect(secretsIn([null, undefined, 'x', 7, {}])).toEqual([]);
});
