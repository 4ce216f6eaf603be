import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.js';

const secret = { env: 'A' };
const problemsOf = (headers: object) => {
  const endpoints = { partner: { url: 'https://a.example', secrets: [secret], headers } };
  const sources = { it: { kind: 'github', secrets: [secret] } };
  return configSchema
    .safeParse({ sources, endpoints })
    .error?.issues.map(({ path, message }) => [path.at(-1), message]);
};

test.each([
  ['Host', 'a.example', "it can't be set"],
  ['webhook-ID', 'x', "it can't be set"],
  ['Content-Type', secret, "it can't be set"],
  ['Proxy-Authorization', secret, "it can't be set"],
  ['Bad Name', secret, 'it is not a header that HTTP can carry'],
  ['X-Split', 'a\r\nX-Evil: canary', 'it is not a header that HTTP can carry'],
  ['X-Größe', 'a', 'it is not a header that HTTP can carry'],
])('an endpoint with the header %j stops the start, and not its first message', (name, value, says) => {
  expect(problemsOf({ 'X-Team': 'red', [name]: value })).toEqual([[name, says]]);
});

test('an endpoint may have headers of its own, as texts and by reference', () => {
  expect(problemsOf({ 'X-Team': 'red\tblue', Authorization: secret, 'User-Agent': 'ours/1' })).toBeUndefined();
});
