import { expect, test } from 'vitest';
import { createBatcher } from '../../src/async/batch.js';

const fulfilled = (inputs: readonly string[]) => inputs.map((value) => ({ status: 'fulfilled' as const, value }));

test('what is called while one batch is under way forms the next', async () => {
  const batches: (readonly string[])[] = [];
  let finishFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    finishFirst = resolve;
  });
  const call = createBatcher<string, string>({
    run: async (inputs) => {
      batches.push(inputs);
      if (inputs.includes('a')) await first;
      return fulfilled(inputs);
    },
  });
  const a = call('a');
  await Promise.resolve();
  const rest = [call('b'), call('c')];
  finishFirst();
  expect(await Promise.all([a, ...rest])).toEqual(['a', 'b', 'c']);
  expect(batches).toEqual([['a'], ['b', 'c']]);
});

test('a batch holds no more calls and bytes than it may, or one call that is larger', async () => {
  const batches: (readonly string[])[] = [];
  const call = createBatcher<string, string>({
    max: { requests: 2, bytes: 10 },
    run: async (inputs) => {
      batches.push(inputs);
      return fulfilled(inputs);
    },
  });
  await Promise.all([call('a', 1), call('b', 1), call('c', 6), call('d', 6), call('large', 99), call('e', 1)]);
  expect(batches).toEqual([['a', 'b'], ['c'], ['d'], ['large'], ['e']]);
});

test('a batch that fails fails all of its calls, and the next goes on', async () => {
  const call = createBatcher<string, string>({
    max: { requests: 2, bytes: 10 },
    run: async (inputs) => {
      if (inputs.includes('bad')) throw new Error('broken');
      return fulfilled(inputs);
    },
  });
  const results = await Promise.allSettled([call('bad'), call('b'), call('c')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});
