import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter } from '../../../src/activities/job/lines.js';
import { createMask } from '../../../src/secrets/mask.js';
import { Secret } from '../../../src/secrets/secret.js';

/* However output is cut into chunks, and whatever stands around a secret, no piece of it comes out. */

const wrapped = (text: string, columns: number) => text.replace(new RegExp(`(.{${columns}})(?=.)`, 'g'), '$1\n');
const base64 = (text: string) => Buffer.from(text).toString('base64');

type Write = (secret: string, around: { before: string; after: string; columns: number }) => string;

/** Ways to print a secret. What stands beside it is encoded with it. */
const WAYS: Readonly<Record<string, Write>> = {
  'as it is': (secret) => secret,
  'in a URL': (secret) => encodeURIComponent(secret),
  'in JSON': (secret) => JSON.stringify({ secret }),
  'in base64': (secret, { before, after }) => base64(`${before}${secret}${after}`),
  'in base64 of 64 columns': (secret, { before, after }) => wrapped(base64(`${before}${secret}${after}`), 64),
  'in base64 of 76 columns': (secret, { before, after }) => wrapped(base64(`${before}${secret}${after}`), 76),
  'in base64 of any columns': (secret, { before, after, columns }) =>
    wrapped(base64(`${before}${secret}${after}`), columns),
  'in base64 with lines of Windows, indented': (secret, { before, after }) =>
    wrapped(base64(`${before}${secret}${after}`), 64).replaceAll('\n', '\r\n    '),
  'in broken base64 in JSON': (secret, { before, after }) =>
    JSON.stringify({ data: wrapped(base64(`${before}${secret}${after}`), 76) }),
  'in broken base64 for URLs': (secret, { before, after }) =>
    wrapped(Buffer.from(`${before}${secret}${after}`).toString('base64url'), 76),
};

/** As long as the tokens that GitHub issues to its Apps are. */
const token = fc
  .tuple(
    fc.stringMatching(/^[A-Za-z0-9_-]{60}$/),
    fc.stringMatching(/^[A-Za-z0-9_-]{372}$/),
    fc.stringMatching(/^[A-Za-z0-9_-]{86}$/),
  )
  .map((parts) => parts.join('.'));
const other = fc.stringMatching(/^[!-~]{20,90}$/);

/** In characters. */
const PIECE = 16;

/** Returns the pieces of a secret that a text holds, written as it is or in base64. */
function piecesIn(text: string, secret: string): string[] {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/');
  const inBase64 = [0, 1, 2].map((before) => base64(`${'x'.repeat(before)}${secret}`).slice(4, -4));
  const found = (piece: string, where: string) => (where.includes(piece) ? [piece] : []);
  const windows = (whole: string) =>
    Array.from({ length: whole.length - PIECE + 1 }, (_, i) => whole.slice(i, i + PIECE));
  return [
    ...windows(secret).flatMap((one) => found(one, text)),
    ...inBase64.flatMap(windows).flatMap((one) => found(one, plain)),
  ];
}

function printed(text: string, sizes: readonly number[], mask: (text: string) => string): string[] {
  const splitter = createLineSplitter(mask);
  const lines: string[] = [];
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    lines.push(...splitter.add(text.slice(at, at + size)));
    at += size;
  }
  return [...lines, ...splitter.end()];
}

test.each(Object.entries(WAYS))('a secret that is printed %s is hidden, however it is cut into chunks', (_, write) => {
  const beside = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });
  const around = fc.record({ before: beside, after: beside, columns: fc.integer({ min: 20, max: 120 }) });
  const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 });
  const filled = fc.constantFrom('', 'before\n', 'x'.repeat(20_000), `${'y '.repeat(9_000)}\n`);
  fc.assert(
    fc.property(fc.oneof(token, other), around, sizes, filled, filled, (secret, beside, sizes, first, last) => {
      const mask = createMask([new Secret(secret)]);
      const out = printed(`${first}${write(secret, beside)} ${last}`, sizes, mask).join('\n');
      expect(piecesIn(out, secret)).toEqual([]);
      expect(out).toContain('***');
    }),
    { numRuns: 60 },
  );
});

test('a token of 520 characters is hidden by its signature alone too', () => {
  const secret = `${'h'.repeat(60)}.${'p'.repeat(372)}.${'s1gnature'.repeat(9)}-ends`;
  expect(createMask([new Secret(secret)])(`<${secret.split('.')[2]}>`)).toBe('<***>');
});

test('what is no piece of a secret stays: base64 of other things, paths, and words in it', () => {
  const mask = createMask([
    new Secret('-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----'),
  ]);
  const text = `src/activities/job/lines.ts ${base64('something else that is long enough')} BEGIN PRIVATE KEY`;
  expect(mask(text)).toBe(text);
});
