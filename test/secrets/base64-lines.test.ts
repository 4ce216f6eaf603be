import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Base64Lines } from '../../src/secrets/base64-lines.js';

const HEAD = '-----BEGIN PRIVATE KEY-----';
const unique = (i: number) => createHash('sha512').update(`${i}`).digest('hex');
/** The end of a line that the secret begins in: three bytes of something else, and fifteen of it. */
const LINE = Buffer.from(`abc${HEAD.slice(0, 15)}`).toString('base64');
/** As much as one job may tell, and has one piece more than 3,000 times. */
const ALIKE = Array.from({ length: 100 }, (_, i) => `${unique(i).slice(0, 6)}${'ABCDEF'.repeat(32)}${i}`);

function finderOf(secrets: readonly string[]): Base64Lines {
  const lines = new Base64Lines();
  for (const secret of secrets) lines.add(secret);
  return lines;
}

test.each([
  ['many secrets that came later', Array.from({ length: 500 }, (_, i) => `key: ${HEAD}${unique(i)}`)],
  ['one that came later, very often', [Array.from({ length: 500 }, (_, i) => `key ${i}: ${HEAD}`).join('')]],
])('a secret is found by its beginning, also where it stands within %s', (_, others) => {
  const lines = finderOf([HEAD + unique(-1), ...others]);
  expect(lines.find(LINE)).toEqual([{ start: 4, end: 24 }]);
});

test('a secret is found by its ends, also where a stranger has told thousands of pieces like them later', () => {
  const lines = finderOf(['ABCDEF-the-one', 'the-one-ABCDEF', ...ALIKE]);
  expect(lines.find(Buffer.from('---ABCDEF').toString('base64'))).toEqual([{ start: 4, end: 12 }]);
  expect(lines.find(Buffer.from('ABCDEF---').toString('base64'))).toEqual([{ start: 0, end: 8 }]);
});

test('output is looked through that has nothing but a piece which a stranger has told thousands of times', () => {
  const lines = finderOf(ALIKE);
  const piece = Buffer.from('ABCDEF').toString('base64');
  for (const line of [`${piece}/`, `/${piece}`]) expect(lines.find(`${line} `.repeat(200_000))).toHaveLength(0);
});

test('a secret of 100 kB that repeats itself is found by its end, however much of that there is', () => {
  const lines = finderOf([`<${'ABCDEF'.repeat(16_384)}>`]);
  for (const times of [1, 100, 16_384]) {
    const line = Buffer.from(`${'ABCDEF'.repeat(times)}>--`).toString('base64');
    expect(lines.find(line)).toEqual([{ start: 0, end: 8 * times + 1 }]);
  }
});

test('a secret is found as addresses write it, which have other signs', () => {
  const secret = '>>>???>>>???';
  const lines = finderOf([secret]);
  const all = Buffer.from(`abc${secret}abc`).toString('base64url');
  expect(all).toBe('YWJjPj4-Pz8_Pj4-Pz8_YWJj');
  expect(lines.find(all.slice(0, 14))).toEqual([{ start: 4, end: 14 }]);
  expect(lines.find(all.slice(10))).toEqual([{ start: 0, end: 10 }]);
});

test('in lines of any length, a secret is found as by comparing each with all that base64 may have made of it', () => {
  const text = (maxLength: number) => fc.string({ unit: fc.constantFrom('A', 'B'), maxLength });
  const secrets = fc.array(fc.string({ unit: fc.constantFrom('A', 'B'), minLength: 6, maxLength: 24 }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(secrets, text(5), text(24), text(5), fc.nat(40), (told, before, within, after, cut) => {
      const written = Buffer.from(`${before}${told[0] ?? ''}${within}${after}`)
        .toString('base64')
        .replace(/=+$/, '');
      const lines = finderOf(told);
      for (const line of [written, written.slice(0, cut), written.slice(cut)])
        expect(lines.find(line)).toEqual(compared(line, told));
    }),
    { numRuns: 2_000 },
  );
});

/** Returns where pieces of secrets stand in a line, by looking at each for itself. */
function compared(line: string, secrets: readonly string[]) {
  if (line.length < 8) return [];
  const own = secrets.flatMap((secret) =>
    [0, 1, 2].map((before) => {
      const all = Buffer.from(`${'\0'.repeat(before)}${secret}`)
        .toString('base64')
        .replace(/=+$/, '');
      return all.slice(Math.ceil((before * 8) / 6), Math.floor(((before + secret.length) * 8) / 6));
    }),
  );
  const lengths = Array.from({ length: Math.max(0, line.length - 7) }, (_, i) => line.length - i);
  const start = own.some((each) => each.includes(line))
    ? line.length
    : lengths.find((length) => own.some((each) => each.endsWith(line.slice(0, length))));
  const end = lengths.find((length) => own.some((each) => each.startsWith(line.slice(-length))));
  return [
    ...(start === undefined ? [] : [{ start: 0, end: start }]),
    ...(end === undefined || start === line.length ? [] : [{ start: line.length - end, end: line.length }]),
  ];
}
