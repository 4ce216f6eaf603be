import { expect, test, vi } from 'vitest';
import { sharedAnswers } from '../../src/async/shared-answer.js';

/** Answers with the name, and refuses some. */
function createAsk() {
  const ask = vi.fn(async (name: string) => {
    if (name.startsWith('refused')) throw new Error(name);
    return name;
  });
  return {
    shared: sharedAnswers((name) => ask(name), { freshMs: 60_000, most: 2 }),
    asked: () => ask.mock.calls.map(([name]) => name),
  };
}

test('of answers the last ones are kept, by when somebody has asked for them', async () => {
  const { shared, asked } = createAsk();
  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) expect(await shared(name)).toBe(name);
  expect(asked()).toEqual(['a', 'b', 'c', 'b']);
});

test('what is refused is asked for again, and has no answer forgotten that others use', async () => {
  const { shared, asked } = createAsk();
  await shared('seen');
  const refused = Array.from({ length: 5 }, (_, n) => `refused ${n}`);
  await Promise.all(refused.map((name) => expect(shared(name)).rejects.toThrow(name)));
  await expect(shared('refused 0')).rejects.toThrow('refused 0');
  expect(await shared('seen')).toBe('seen');
  expect(asked()).toEqual(['seen', ...refused, 'refused 0']);
});
