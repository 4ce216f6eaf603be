import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Base64Lines } from '../../src/secrets/base64-lines.js';

const HEAD = '-----BEGIN PRIVATE KEY-----';
const unique = (i: number) => createHash('sha512').update(`${i}`).digest('hex');
/** The end of a line that the secret begins in: three bytes of something else, and fifteen of it. */
const LINE = Buffer.from(`abc${HEAD.slice(0, 15)}`).toString('base64');

test.each([
  ['many secrets that came later', Array.from({ length: 500 }, (_, i) => `key: ${HEAD}${unique(i)}`)],
  ['one that came later, very often', [Array.from({ length: 500 }, (_, i) => `key ${i}: ${HEAD}`).join('')]],
])('a secret is found by its beginning, also where it stands within %s', (_, others) => {
  const lines = new Base64Lines();
  lines.add(HEAD + unique(-1));
  for (const other of others) lines.add(other);
  expect(lines.find(LINE)).toEqual([{ start: 4, end: 24 }]);
});
