import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { saysYes } from '../../../src/cli/client/ask-yes.js';

/** Asks on a terminal at which somebody types this, or whose input ends without a word. */
function typed(keys: string | undefined, { terminal = true } = {}): Promise<boolean> {
  const input = new PassThrough();
  const asked = saysYes('Type yes: ', { input, output: new PassThrough(), terminal });
  if (keys === undefined) input.end();
  else input.write(keys);
  return asked;
}

test.each([
  ['yes\r', true],
  [' YES \r', true],
  ['y\r', false],
  ['no\r', false],
  ['\r', false],
])('%j is an answer: %j', async (keys, yes) => {
  expect(await typed(keys)).toBe(yes);
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
  ['the end of the input', undefined],
])('who ends the question by %s has not said yes, and nothing fails', async (_, keys) => {
  expect(await typed(keys)).toBe(false);
  if (keys === undefined) expect(await typed(keys, { terminal: false })).toBe(false);
});
