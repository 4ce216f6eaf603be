import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differencesOf } from '../../../src/server/api/compare/differences.js';
import { valueOfBody } from '../../../src/server/api/compare/value-of-body.js';

const shown = async (before: unknown, after: unknown) => (await differencesOf(before, after)).shown;

test('fields that were added, removed and changed are told by their paths, with both values', async () => {
  const before = { ref: 'main', head: { sha: 'a', author: { name: 'Ada' } }, draft: true, 'a.b': 1 };
  const after = { ref: 'main', head: { sha: 'b', author: { name: 'Ada' } }, title: 'x', 'a.b': 2 };
  expect(await shown(before, after)).toEqual([
    { path: 'head.sha', before: '"a"', after: '"b"' },
    { path: 'draft', before: 'true' },
    { path: '["a.b"]', before: '1', after: '2' },
    { path: 'title', after: '"x"' },
  ]);
});

test('what has another type, or is null instead of nothing, differs', async () => {
  expect(await shown({ a: null, b: [], c: '1' }, { b: {}, c: 1 })).toEqual([
    { path: 'a', before: 'null' },
    { path: 'b', before: '[]', after: '{}' },
    { path: 'c', before: '"1"', after: '1' },
  ]);
  expect(await shown('old', { a: 1 })).toEqual([{ path: '', before: '"old"', after: '{"a":1}' }]);
});

test('the objects of a list are compared by their names, wherever they stand', async () => {
  const labels = (...all: [number, string][]) => ({
    labels: all.map(([id, color]) => ({ id, color, name: `l${id}` })),
  });
  expect(
    await shown(labels([1, 'red'], [2, 'blue'], [3, 'grey']), labels([3, 'grey'], [1, 'green'], [4, 'pink'])),
  ).toEqual([
    { path: 'labels[id=1].color', before: '"red"', after: '"green"' },
    { path: 'labels[id=2]', before: '{"id":2,"color":"blue","name":"l2"}' },
    { path: 'labels[id=4]', after: '{"id":4,"color":"pink","name":"l4"}' },
  ]);
});

test('of objects without names that are told apart, those at the same place are compared', async () => {
  const list = (...values: number[]) => values.map((value) => ({ id: 1, value }));
  expect(await shown(list(1, 2), list(1, 3, 4))).toEqual([
    { path: '[1].value', before: '2', after: '3' },
    { path: '[2]', after: '{"id":1,"value":4}' },
  ]);
});

test('of a list of plain values those are told that are only in one, and its order where that is all', async () => {
  expect(await shown({ on: ['a', 'b', 'b', 'c'] }, { on: ['c', 'b', 'd'] })).toEqual([
    { path: 'on[]', before: '"a"' },
    { path: 'on[]', before: '"b"' },
    { path: 'on[]', after: '"d"' },
  ]);
  expect(await shown({ on: [1, 2] }, { on: [2, 1] })).toEqual([{ path: 'on', before: '[1,2]', after: '[2,1]' }]);
});

test('values are shown without secrets in them, also where only their name tells that they are some', async () => {
  const [first, second] = await shown(
    { url: 'https://ada:hunter22@git.example/x', authorization: 'Bearer abcdef' },
    { url: 'https://ada:hunter33@git.example/x', authorization: 'Bearer ghijkl' },
  );
  expect(JSON.stringify([first, second])).not.toMatch(/hunter|abcdef|ghijkl/);
  expect(first).toMatchObject({ path: 'url', after: '"https://***@git.example/x"' });
});

test('what differs is bounded in number, in length and in depth', async () => {
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`f${index}`, index]));
  const { shown: some, more } = await differencesOf({}, many);
  expect([some.length, more]).toEqual([200, 50]);
  const [long] = await shown({ text: 'x'.repeat(5_000) }, { text: '' });
  expect(long?.before?.length).toBeLessThan(310);
  const nested = (leaf: number) => JSON.parse(`${'['.repeat(5_000)}${leaf}${']'.repeat(5_000)}`) as unknown;
  expect(await shown(nested(1), nested(1))).toEqual([]);
  const wide = (end: number) => [...Array.from({ length: 150_000 }, () => 0), end];
  expect(await differencesOf(wide(1), wide(2))).toMatchObject({ isCut: true });
});

test('nothing differs from itself, and all that differs is told of', async () => {
  const json = fc.jsonValue().map((value) => JSON.stringify(value));
  await fc.assert(
    fc.asyncProperty(json, json, async (one, other) => {
      expect(await shown(JSON.parse(one), JSON.parse(one))).toEqual([]);
      const found = await shown({ value: JSON.parse(one) }, { value: JSON.parse(other) });
      // The order of fields is no difference; that of texts is, and each differs in its letters.
      if ([...one].sort().join('') !== [...other].sort().join('')) expect(found).not.toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('a body is compared by what it says: JSON, a payload in a form, the fields of a form, or its text', () => {
  const form = 'application/x-www-form-urlencoded';
  expect(valueOfBody(Buffer.from('{"a":1}'), 'application/json')).toEqual({ a: 1 });
  expect(valueOfBody(Buffer.from(`payload=${encodeURIComponent('{"a":1}')}`), form)).toEqual({ a: 1 });
  expect(valueOfBody(Buffer.from('a=1&b=x+y'), form)).toEqual({ a: '1', b: 'x y' });
  expect(valueOfBody(Buffer.from('not JSON'))).toBe('not JSON');
});

test('a number that JavaScript rounds is no reason to take a body for a text', () => {
  expect(valueOfBody(Buffer.from('{"t":0.30000000000000004,"e":12345678901234567e2}'))).toEqual({
    t: 0.30000000000000004,
    e: Number('12345678901234567e2'),
  });
});

test.each([
  ['digits', `{"a":${'1'.repeat(1_000_000)}e1}`],
  ['digits that are no JSON', `{"a":${'1'.repeat(1_000_000)}.}`],
  ['quotes that are no JSON', '"\\"'.repeat(300_000)],
  ['backslashes', `"${'\\'.repeat(999_999)}`],
])('a body of a megabyte of %s is read in time by its length, and not by the square of it', (_, text) => {
  // By the square it is hours.
  expect(valueOfBody(Buffer.from(text))).toBeDefined();
});

test('ids of more digits than a number can hold differ by the last one', async () => {
  const body = (id: string) => valueOfBody(Buffer.from(`{"id":${id},"text":"has 9007199254740993 in it, \\"too\\""}`));
  expect(await shown(body('9007199254740993'), body('9007199254740992'))).toEqual([
    { path: 'id', before: '"9007199254740993"', after: '"9007199254740992"' },
  ]);
  expect(body('1')).toEqual({ id: 1, text: 'has 9007199254740993 in it, "too"' });
});
