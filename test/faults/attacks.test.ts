import { expect, test } from 'vitest';
import { makeAttacks } from './attacks/index.js';
import { readOptions } from './options.js';

/** `npm run test:faults -- --attacks` in short: those that take little time. */
test('a receiver withstands half-sent bodies, wrong tokens and refused requests in masses', async () => {
  const said: string[] = [];
  const only = ['half-sent', 'wrong-tokens', 'refused'];
  const withstood = await makeAttacks({ only, say: (line) => said.push(line) });
  expect(withstood, said.join('\n')).toBe(true);
  expect(said.at(-1)).toBe('ok     3 of 3 attacks were withstood');
}, 180_000);

test('attacks are chosen by their names', () => {
  expect(readOptions(['--attacks', '--only', 'half-sent'])).toMatchObject({ what: 'attacks', only: ['half-sent'] });
  expect(() => readOptions(['--attacks', '--only', 'calls'])).toThrow('--only is one of half-sent');
});
