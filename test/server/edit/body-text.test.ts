import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bodyOfText, indented, textOfBody } from '../../../src/server/api/edit/body-text.js';

const FORM = 'application/x-www-form-urlencoded';

test('JSON has a line for each value, as it is usually written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 6 }), async (value) => {
      const plain = JSON.stringify(value);
      expect(await indented(plain)).toBe(JSON.stringify(JSON.parse(plain), undefined, 2));
      expect(await indented(JSON.stringify(value, undefined, 5))).toBe(await indented(plain));
    }),
  );
});

test('numbers and texts stay as they were written, also those that JavaScript would round or write otherwise', async () => {
  const text = '{"id":9007199254740993,"a":1.0,"b":"\\u00e9\\/","b":1e2}';
  expect(await indented(text)).toBe('{\n  "id": 9007199254740993,\n  "a": 1.0,\n  "b": "\\u00e9\\/",\n  "b": 1e2\n}');
});

test('what is nested deeply takes no more room for that', async () => {
  const deep = `${'['.repeat(20_000)}1${']'.repeat(20_000)}`;
  expect((await indented(deep)).length).toBeLessThan(40_001 * 90);
});

test('the payload of a form is edited as JSON, and goes back into a form', () => {
  const body = bodyOfText('{"a":"ä&="}', { inForm: true });
  expect(textOfBody(body, `${FORM}; charset=utf-8`)).toEqual({ text: '{"a":"ä&="}', isJson: true, inForm: true });
  expect(textOfBody(body, 'application/json')).toMatchObject({ isJson: false, inForm: false });
  expect(textOfBody(Buffer.from('a=1&b=2'), FORM)).toEqual({ text: 'a=1&b=2', isJson: false, inForm: false });
  expect(bodyOfText('a=1', { inForm: false }).toString()).toBe('a=1');
  expect(textOfBody(Buffer.from([0x7b, 0xff, 0x7d]))).toBeUndefined();
});
