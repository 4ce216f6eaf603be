import { expect, test } from 'vitest';
import { revealed } from '../../../src/server/api/edit/hidden-values.js';
import { hidden } from '../../../src/server/api/hidden.js';

const json = (value: unknown) => JSON.stringify(value, undefined, 2);
const ORIGINAL = json({
  ref: 'refs/heads/main',
  clone: 'https://ada:hunter22@git.example/shop',
  hooks: ['https://x1y2:z@one.example/', 'https://p9q8:z@one.example/'],
  request: { authorization: 'Bearer abcdef' },
  message: 'Make it ***bold***',
});
const SHOWN = hidden(ORIGINAL);

test('what is hidden is put back where it was left as it was shown', () => {
  expect(SHOWN).not.toMatch(/hunter22|x1y2|p9q8|abcdef/);
  expect(revealed(SHOWN, ORIGINAL)).toEqual({ text: ORIGINAL });
  const edited = SHOWN.replace('refs/heads/main', 'refs/heads/other').replace('"ref"', '"first": 1,\n  "ref"');
  const text = ORIGINAL.replace('refs/heads/main', 'refs/heads/other').replace('"ref"', '"first": 1,\n  "ref"');
  expect(revealed(edited, ORIGINAL)).toEqual({ text });
});

test('a hidden value that was edited is refused, and not taken for three asterisks', () => {
  const edited = SHOWN.replace('@git.example/shop', '@git.example/other');
  expect(revealed(edited, ORIGINAL)).toEqual({ because: expect.stringMatching(/^line 3 holds \*\*\*/) });
  // Whoever writes the value instead is understood, and so are asterisks that were always there.
  const written = SHOWN.replace('https://***@git.example/shop', 'https://git.example/shop').replace(
    'Make it',
    'Let it be',
  );
  expect(revealed(written.replace('***bold***', 'bold'), ORIGINAL)).toHaveProperty('text');
  expect(revealed(SHOWN.replace('main', 'dev'), ORIGINAL)).toMatchObject({
    text: expect.stringContaining('***bold***'),
  });
});

test('of several hidden values that look the same, each keeps its own, unless one is gone', () => {
  const edited = SHOWN.replace('main', 'other');
  expect(revealed(edited, ORIGINAL)).toEqual({ text: ORIGINAL.replace('main', 'other') });
  const without = edited.replace(/"hooks": \[\s*"[^"]*",/, '"hooks": [');
  expect(revealed(without, ORIGINAL)).toEqual({ because: expect.stringContaining("can't be told which") });
});

test('a value that is hidden for its name is not brought to light under another one', () => {
  const moved = SHOWN.replace('"ref": "refs/heads/main"', '"ref": "***"');
  expect(JSON.stringify(revealed(moved, ORIGINAL))).not.toContain('"ref\\": \\"Bearer');
});

test('where nothing is hidden, and where it is no JSON, the text is what was written, or what was received', () => {
  expect(revealed('{"a":"***"}', '{"a":1}')).toEqual({ text: '{"a":"***"}' });
  const form = 'url=https://ada:hunter22@git.example/&a=1';
  expect(revealed(hidden(form), form)).toEqual({ text: form });
});

test('a body of a megabyte of hidden values, and one of strings without an end, is put back in time by its length', () => {
  const many = JSON.stringify({ from: 'a', links: Array.from({ length: 40_000 }, (_, i) => `http://u:p${i}@x`) });
  // By the square of their number it is minutes.
  expect(revealed(hidden(many).replace('"a"', '"b"'), many)).toEqual({ text: many.replace('"a"', '"b"') });
  const broken = `http://u:p@x ${'"\\"'.repeat(200_000)}`;
  expect(revealed(`${hidden(broken)} `, broken)).toBeDefined();
});
