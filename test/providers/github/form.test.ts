import { expect, test } from 'vitest';
import { parse } from '../../../src/providers/github/webhook/parse.js';
import { MalformedPayload } from '../../../src/providers/webhook-scheme.js';

const read = (form: string | Buffer) =>
  parse({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: Buffer.from(form) });

test.each([
  ['%7B%22a%22%3A%22b%22%7D', { a: 'b' }],
  ['%7b%22a%22%3a%22b%22%7d', { a: 'b' }],
  ['{"a":"b+c%2Bd%25"}', { a: 'b c+d%' }],
  ['["%e2%99%a5"]', ['♥']],
  ['["="]', ['=']],
  ['1%32', 12],
])('a form of GitHub is read as any form: %s', (encoded, payload) => {
  expect(read(`payload=${encoded}`)).toEqual(payload);
});

test('a form of GitHub is one whatever its content type says beside', () => {
  const body = Buffer.from('payload={}');
  for (const type of [
    'application/x-www-form-urlencoded; charset=utf-8',
    ' Application/X-www-form-urlencoded ; charset=utf-8',
  ])
    expect(parse({ headers: { 'content-type': type }, body })).toEqual({});
});

test.each([
  ['no field', ''],
  ['another field', 'other={}'],
  ['a field whose name goes on', 'payloads={}'],
  ['a field before it', 'a=b&payload={}'],
  ['a field after it', 'payload={}&a=b'],
  ['JSON that holds such a field', '{"x":"&payload={}"}'],
])('a form of GitHub with %s is refused: its content type is not signed', (_, form) => {
  expect(() => read(form)).toThrow(new MalformedPayload('the form must hold the field "payload" and nothing else'));
});

test.each(['%', '%2', '%g0', '%0g', '%%20', '% 0'])('a form of GitHub with the escape %j is refused', (broken) => {
  for (const form of [`payload="${broken}`, `payload="${broken}"`])
    expect(() => read(form)).toThrow(new MalformedPayload('the form holds a broken percent escape'));
});
