import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMask, maskOf } from '../../src/secrets/mask.js';
import { Secret } from '../../src/secrets/secret.js';

/** How a service may quote what it was sent. */
const WRITTEN: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'in a URL': encodeURIComponent,
  'in a URL, in lower case': (secret) => encodeURIComponent(secret).replace(/%../g, (byte) => byte.toLowerCase()),
  'in a form': (secret) => new URLSearchParams({ secret }).toString().slice('secret='.length),
  'in JSON': (secret) => JSON.stringify(secret).slice(1, -1),
  'in JSON within JSON': (secret) => JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
  'in JSON, in ASCII': (secret) =>
    JSON.stringify(secret)
      .slice(1, -1)
      .replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'in HTML': (secret) =>
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in base64 for URLs': (secret) => Buffer.from(secret).toString('base64url'),
  'in hexadecimal digits': (secret) => Buffer.from(secret).toString('hex'),
  'in capital hexadecimal digits': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'in a Basic header': (secret) => Buffer.from(`x-access-token:${secret}`).toString('base64'),
  'in a Basic header without a name': (secret) => Buffer.from(`:${secret}`).toString('base64'),
  'as bytes of a header': (secret) => Buffer.from(secret).toString('latin1'),
  'in base64, in a URL': (secret) => encodeURIComponent(Buffer.from(secret).toString('base64')),
  'in base64, in JSON with slashes escaped': (secret) => Buffer.from(secret).toString('base64').replaceAll('/', '\\/'),
};

const secrets = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 20, maxLength: 80 }),
  fc.string({ unit: 'binary', minLength: 20, maxLength: 60 }),
  fc.stringMatching(/^[A-Za-z0-9_-]{20,60}$/),
);

/** In characters: what may be left at each end of a spelling that depends on what stands beside the secret, and its name. */
const EDGE = 26;

test.each(Object.entries(WRITTEN))('no piece of a secret is left %s, whatever stands around it', (_, write) => {
  fc.assert(
    fc.property(secrets, fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (drawn, before, after) => {
      const secret = Buffer.from(drawn.trim()).toString();
      fc.pre(secret.length >= 16);
      const written = write(secret);
      const shown = maskOf({ a: [new Secret(secret)] })(`${before} ${written} ${after}`);
      for (let i = 0; i + EDGE <= written.length; i++) {
        const piece = written.slice(i, i + EDGE);
        expect(shown).not.toContain(piece);
      }
      expect(shown).toContain('***');
    }),
    { numRuns: 150 },
  );
});

test('a secret of letters, digits and a tilde is hidden in a form, which escapes that alone', () => {
  const secret = 'canary~0123456789-abcdefghijklmnop';
  const form = new URLSearchParams({ secret }).toString();
  expect(form).toBe('secret=canary%7E0123456789-abcdefghijklmnop');
  expect(maskOf([new Secret(secret)])(form)).toBe('secret=***');
  expect(maskOf([new Secret(secret)])(form.toLowerCase())).toBe('secret=***');
});

test('of a secret in base64, only characters that hold bits of what stands beside it are left', () => {
  const secret = 'canary-0123456789-abcdefgh';
  for (let before = 0; before < 8; before++)
    for (let after = 0; after < 8; after++) {
      const written = Buffer.from(`${'u'.repeat(before)}${secret}${'w'.repeat(after)}`).toString('base64');
      const shown = maskOf([new Secret(secret)])(written);
      const left = Math.ceil((before * 8) / 6) + Math.ceil((after * 8) / 6) + 4;
      expect(shown.replace('***', '').length).toBeLessThanOrEqual(left);
    }
});

test('secrets that overlap or follow one another are hidden as one', () => {
  const mask = maskOf([new Secret('canary-first-one'), new Secret('first-one-and-second')]);
  expect(mask('<canary-first-one-and-second>')).toBe('<***>');
  expect(mask('<canary-first-onefirst-one-and-second>')).toBe('<***>');
});

test('a text of 2 MB that is full of beginnings of a secret is masked', () => {
  const secret = 'canary-0123456789';
  const mask = maskOf([new Secret(secret)]);
  const beginnings = 'canary-012345678'.repeat(131_072);
  expect(mask(beginnings)).toBe(beginnings);
  expect(mask(`${beginnings}9`)).toBe(`${beginnings.slice(0, -16)}***`);
});

test('an ordinary word or number is hidden in the output of jobs alone: elsewhere it is part of names', () => {
  for (const word of ['hookyard', 'Hookyard', 'PASSWORD', '1234567890123']) {
    expect(createMask([new Secret(word)])(`acme/${word}`)).toBe('acme/***');
    expect(maskOf([new Secret(word)])(`acme/${word}`)).toBe(`acme/${word}`);
    expect(maskOf([new Secret(word)])(`Basic ${Buffer.from(`u:${word}`).toString('base64')}`)).toContain('***');
  }
  expect(maskOf([new Secret('hookyard-2')])('acme/hookyard-2')).toBe('acme/***');
});

test.each([
  ['the password of a database', 'postgres://me:p%40ss-word-1@db.example/name', ['p@ss-word-1', 'p%40ss-word-1']],
  ['the password of a mail server', 'smtps://me:pass-word-1@mail.example', ['pass-word-1']],
  [
    'what a webhook address holds',
    'https://hooks.example/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX?key=0123456789abcdef0',
    [
      'POST /services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX?key=0123456789abcdef0 HTTP/1.1',
      'XXXXXXXXXXXXXXXXXXXXXXXX',
      '0123456789abcdef0',
    ],
  ],
  [
    'a key without what all keys begin with',
    'whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u',
    ['MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u'],
  ],
  ['a token without its scheme', 'Bearer canary-0123456789', ['canary-0123456789']],
])('%s is hidden by itself too', (_, secret, pieces) => {
  const mask = maskOf([new Secret(secret)]);
  for (const piece of [secret, ...pieces]) {
    expect(mask(`<${piece}>`)).toContain('***');
    for (const hidden of pieces.filter((one) => !one.includes(' '))) expect(mask(`<${piece}>`)).not.toContain(hidden);
  }
});

test('the mail address that is the user of a mail server is no secret: commits and reports are full of it', () => {
  const hide = [maskOf, createMask].map((make) =>
    make([new Secret('smtps://ci-reports%40acme.example:pass-word-1@mail.example')]),
  );
  for (const mask of hide) {
    expect(mask('Author: CI <ci-reports@acme.example>')).toBe('Author: CI <ci-reports@acme.example>');
    expect(mask('login ci-reports%40acme.example with pass-word-1')).toBe('login ci-reports%40acme.example with ***');
  }
  const token = maskOf([new Secret('smtps://0123456789abcdef-0123:pass-word-1@mail.example')]);
  expect(token('user 0123456789abcdef-0123')).toBe('user ***');
});
