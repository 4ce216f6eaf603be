import { expect, test } from 'vitest';
import { contentTypeOf } from '../../../src/cli/client/read-input.js';

const FORM = 'application/x-www-form-urlencoded';

test.each([
  ['type=deploy&n=1', FORM],
  ['user[id]=1&type=x', FORM],
  ['items[]=1&items[]=2\n', FORM],
  ['a=b', FORM],
  ['{"a":"b=c"}', 'application/json'],
  ['[1]', 'application/json'],
  ['["a=b"]', 'application/json'],
  ['"a=b"', 'application/json'],
  ['[x]=1', 'application/json'],
  ['', 'application/json'],
])('the body %j is sent as what it is', (body, type) => {
  expect(contentTypeOf(Buffer.from(body))).toBe(type);
});
