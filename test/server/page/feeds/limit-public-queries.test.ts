import { expect, test } from 'vitest';
import type { ListedRun } from '../../../../src/server/api/contract.js';
import { limitPublicQueries } from '../../../../src/server/page/feeds/limit-public-queries.js';

const run = { run: 'ci/github/k' } as ListedRun;

/** Asks so that no answer is used twice, and returns with which statuses. */
function createAsk() {
  const query = limitPublicQueries({ look: async ({ automation }) => (automation === 'ci' ? [run] : []), freshMs: 0 });
  const ask = async (automation: string): Promise<number> =>
    query({ automation }, async (runs) => runs).then(
      (runs) => (runs.length > 0 ? 200 : 404),
      ({ status }) => status,
    );
  return async (times: number, nameOf: (n: number) => string) => {
    const statuses: number[] = [];
    for (let n = 0; n < times; n += 1) statuses.push(await ask(nameOf(n)));
    return statuses;
  };
}

test('whoever asks for names that are made up takes nothing from those who look at what there is', async () => {
  const ask = createAsk();
  expect(await ask(1, () => 'ci')).toEqual([200]);
  const madeUp = await ask(300, (n) => `none-${n}`);
  expect(madeUp.filter((status) => status === 429).length).toBeGreaterThan(100);
  expect(await ask(10, () => 'ci')).toEqual(Array.from({ length: 10 }, () => 200));
});

test('what shows something is looked for at a pace as well', async () => {
  const ask = createAsk();
  expect(await ask(50, () => 'ci')).not.toContain(429);
  expect(await ask(250, () => 'ci')).toContain(429);
});
