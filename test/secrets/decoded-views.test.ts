import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineSplitter } from '../../src/activities/job/lines.js';
import { findDecoded } from '../../src/secrets/decoded-views.js';
import { createMask, maskKnown } from '../../src/secrets/mask.js';
import { Secret } from '../../src/secrets/secret.js';

const AWS = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const PASSWORD = "p@ss'w*rd!(x)&y/z~q";
const QUOTED = 'ab"cd\\ef$gh`ij k';
const WORDS = 'pässwörd-€-geheim';

test.each([
  ['as Python quotes for URLs', AWS, 'wJalrXUtnFEMI/K7MDENG%2BbPxRfiCYEXAMPLEKEY'],
  ['as Python quotes, with marks', PASSWORD, 'p%40ss%27w%2Ard%21%28x%29%26y/z~q'],
  ['as curl and jq write URLs', PASSWORD, 'p%40ss%27w%2Ard%21%28x%29%26y%2Fz~q'],
  ['in a form that escapes a star', 'canary of *the* form', 'canary+of+%2Athe%2A+form'],
  ['as addresses are encoded whole', QUOTED, 'ab%22cd%5Cef$gh%60ij%20k'],
  ['in a URL within a URL', AWS, encodeURIComponent(encodeURIComponent(AWS))],
  ['byte by byte', WORDS, [...Buffer.from(WORDS)].map((byte) => `%${byte.toString(16)}`).join('')],
  [
    'in base64 in a URL that leaves slashes',
    AWS.repeat(2),
    encodeURIComponent(Buffer.from(AWS.repeat(2)).toString('base64')).replaceAll('%2F', '/'),
  ],
  ['as .NET writes JSON', AWS, 'wJalrXUtnFEMI/K7MDENG\\u002BbPxRfiCYEXAMPLEKEY'],
  ['as .NET writes JSON, with quotes', QUOTED, 'ab\\u0022cd\\\\ef$gh\\u0060ij k'],
  ['as Go writes JSON', PASSWORD, "p@ss'w*rd!(x)\\u0026y/z~q"],
  [
    'in JSON in JSON in JSON',
    QUOTED,
    JSON.stringify(JSON.stringify(JSON.stringify(QUOTED).slice(1, -1)).slice(1, -1)).slice(1, -1),
  ],
  ['as Python shows texts', WORDS, 'p\\xe4ssw\\xf6rd-\\u20ac-geheim'],
  ['as Python shows bytes', WORDS, 'p\\xc3\\xa4ssw\\xc3\\xb6rd-\\xe2\\x82\\xac-geheim'],
  ['as git shows paths', WORDS, 'p\\303\\244ssw\\303\\266rd-\\342\\202\\254-geheim'],
  ['as a shell shows what it runs', PASSWORD, "p@ss'\\''w*rd!(x)&y/z~q"],
  ['as Python quotes for shells', PASSWORD, `p@ss'"'"'w*rd!(x)&y/z~q`],
  ['as printf %q writes it', QUOTED, 'ab\\"cd\\\\ef\\$gh\\`ij\\ k'],
  ['in XML', PASSWORD, 'p@ss&apos;w*rd!(x)&amp;y/z~q'],
  ['as Go writes HTML', QUOTED, 'ab&#34;cd\\ef$gh`ij k'],
  ['in HTML by numbers alone', AWS, [...AWS].map((one) => `&#x${one.charCodeAt(0).toString(16)};`).join('')],
  [
    'where grep has coloured a part of it',
    AWS,
    'wJalrXUtnF\u001b[01;31m\u001b[KEMI\u001b[m\u001b[K/K7MDENG+bPxRfiCYEXAMPLEKEY',
  ],
  [
    'as a link of a terminal, in parts',
    AWS,
    'wJalrXUtnFEMI\u001b]8;;http://a.example\u0007/K7MDENG+bPxRfiCYEXAMPLEKEY',
  ],
  ['coloured, and in a URL', AWS, 'wJalrXUtnFEMI\u001b[1m/K7MDENG%2BbPxRfiCYEXAMPLEKEY'],
  ['in UTF-16, read as UTF-8', AWS, [...AWS].join('\0')],
])('a secret is hidden %s, and nothing beside it', (_, secret, written) => {
  const mask = createMask([new Secret(secret)]);
  expect(mask(`<${written}> <${written}>`)).toBe('<***> <***>');
});

test('what is decoded is hidden where it is written, also behind and between other codes', () => {
  const mask = createMask([new Secret(AWS)]);
  const written = 'wJalrXUtnFEMI/K7MDENG%2bbPxRfiCYEXAMPLEKEY';
  const beside = [
    '100%25 of%20it',
    'C:\\new \\"quoted\\"',
    '&lt;b&gt; &amp; &#128512; %F0%9F%98%80',
    '\u001b[32mgreen\u001b[0m',
    '%zz %e2%28 \\777 &#99999999;',
  ];
  for (const one of beside) expect(mask(`${one} ${written} ${one}`)).toBe(`${one} *** ${one}`);
  for (const one of beside) expect(mask(`${one} of no secret`)).toBe(`${one} of no secret`);
});

test.each([
  ['base64', Buffer.from(AWS).toString('base64')],
  ['UTF-16, as PowerShell takes commands', Buffer.from(AWS, 'utf16le')],
])('of base64 of %s, what fills it up is left', (_, content) => {
  const written = Buffer.from(content).toString('base64');
  expect(createMask([new Secret(AWS)])(`<${written}>`)).toMatch(/^<\*\*\*A?=*>$/);
});

test('of base64 that holds more, what stands for the secret is hidden, and the rest is as it was', () => {
  const auth = Buffer.from(`robot:${PASSWORD}`).toString('base64');
  const written = Buffer.from(JSON.stringify({ auths: { 'registry.example': { auth } } })).toString('base64');
  const shown = createMask([new Secret(PASSWORD)])(`.dockerconfigjson: ${written}\nsrc/activities/job/lines.ts`);
  const [, before = '', after] =
    /^\.dockerconfigjson: (\w+)\*\*\*(\w*=*)\nsrc\/activities\/job\/lines\.ts$/.exec(shown) ?? [];
  expect(written.startsWith(before)).toBe(true);
  expect(Buffer.from(before, 'base64').toString()).toMatch(/"auth":"cm9ib3Q/);
  expect(after).toBeDefined();
});

test('a secret that looks like a code itself is hidden as it stands', () => {
  for (const secret of ['canary%2Fof\\u0041codes', 'canary&amp;of&#65;codes', "canary'\\''of\\codes"])
    expect(createMask([new Secret(secret)])(`<${secret}>`)).toBe('<***>');
});

const WRITE: Readonly<Record<string, (one: string) => string>> = {
  'a URL': (one) => [...Buffer.from(one)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  JSON: (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  'a shell': (one) => (/\w/.test(one) ? one : `\\${one}`),
  HTML: (one) => `&#${one.codePointAt(0)};`,
  colours: (one) => `\u001b[3${one.length}m${one}`,
};

test.each(Object.entries(WRITE))('whichever characters %s writes otherwise, none of a secret is left', (_, write) => {
  const chosen = fc.array(fc.boolean(), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(fc.stringMatching(/^[!-$'-[\]-~]{12,40}$/), chosen, fc.string(), (secret, which, beside) => {
      const written = [...secret].map((one, i) => (which[i % which.length] ? write(one) : one)).join('');
      const shown = createMask([new Secret(secret)])(`${beside} ${written} `);
      expect(shown).toContain('***');
      expect(shown).not.toContain(written.slice(1, -1));
    }),
    { numRuns: 100 },
  );
});

test('it is hidden however the output is cut into chunks', () => {
  const mask = createMask([new Secret(PASSWORD)]);
  const text = `before\n+ : 'p@ss'\\''w*rd!(x)&y/z~q' p%40ss%27w%2Ard%21%28x%29%26y/z~q\nafter\n`;
  for (let at = 0; at <= text.length; at++) {
    const splitter = createLineSplitter(mask);
    const lines = [...splitter.add(text.slice(0, at)), ...splitter.add(text.slice(at)), ...splitter.end()];
    expect(lines).toEqual(['before', "+ : '***' ***", 'after']);
  }
});

const hex = (text: string, before: string) =>
  [...Buffer.from(text)].map((byte) => `${before}${byte.toString(16).padStart(2, '0')}`).join('');
const twice = (text: string) => hex(text, '%25');

test.each<[string, string, string, string, string]>([
  ['a form', 'two words/and more', 'x=', 'two+words/and+%6Dore', ';y'],
  ['a URL within a URL', 'canary/of/urls', 'A%2542/', 'canary%252fof%252furls', '/C%2544'],
  ['a URL within a URL, byte by byte', 'canary', twice('AB'), twice('canary'), twice('CD')],
  ['a URL, beside letters of several bytes', 'canary', hex('é😀', '%'), hex('canary', '%'), hex('é😀', '%')],
  ['a URL, with a letter of several bytes', 'can😀ary', hex('é', '%'), hex('can😀ary', '%'), hex('é', '%')],
  ['a URL, with such a letter at its end', 'canary😀', hex('é', '%'), hex('canary😀', '%'), hex('é', '%')],
  ['bytes of a programming language', 'canary', hex('AB', '\\x'), hex('canary', '\\x'), hex('CD', '\\x')],
  ['HTML, with a letter of two units', 'canary-😀', 'see ', 'canary-&#128512;', 'rest'],
])('what is found is just what stands for it in %s', (_, secret, before, written, after) => {
  expect(foundIn(before + written + after, secret)).toEqual([[before.length, before.length + written.length]]);
});

test.each(['two+words/and+m\\u006fre', 'two%252Bwords%252Fand%252Bmore', 'two+words/and+m&#111;re'])(
  'a plus is a blank in forms alone: %s',
  (written) => {
    expect(foundIn(written, 'two words/and more')).toEqual([]);
  },
);

/** Returns from where to where a text holds another one. */
function foundIn(text: string, secret: string): number[][] {
  const spans = findDecoded(text, (one) => {
    const start = one.indexOf(secret);
    return start < 0 ? [] : [{ start, end: start + secret.length }];
  });
  return [...new Set(spans.map(({ start, end }) => `${start} ${end}`))].map((span) => span.split(' ').map(Number));
}

test('a text without any code is looked through once', () => {
  const seen: string[] = [];
  const find = (text: string) => {
    seen.push(text);
    return [];
  };
  findDecoded("it's 5 % of A & B, at /src", find);
  expect(seen).toHaveLength(1);
  findDecoded('\\'.repeat(5_000), find);
  expect(seen.length).toBeLessThan(6);
});

test('what the process knows is hidden in this way too', () => {
  expect(maskKnown('100%25 \\"as it is\\"')).toBe('100%25 \\"as it is\\"');
});
