import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createWaitKeeper, type WaitKeeper, type WaitKeeperDeps } from '../../src/dispatch/wait-keeper.js';
import { type Look, StoreUnavailableError } from '../../src/store/store.js';
import { keepLog } from '../support/harness/log.js';
import { testClient } from '../support/temporal.js';

let client: Awaited<ReturnType<typeof testClient>>;
let keeper: WaitKeeper | undefined;

beforeAll(async () => {
  client = await testClient();
});
afterEach(() => keeper?.stop());
afterAll(() => client?.close());

const PLACE = { source: 'hub', repository: '1' };
const NOTHING: Look = { given: [], tooLarge: [], broken: [], more: false };

/** Waits in one place, of which each look comes to the next of these. */
function waitsWith(looks: (Look | Error)[], runs: readonly string[] = []) {
  const closed: string[] = [];
  const toAsk = [...runs];
  const waits: WaitKeeperDeps['waits'] = {
    toLookAt: async () => (looks.length > 0 ? [PLACE] : []),
    async look(place) {
      expect(place).toEqual(PLACE);
      const next = looks.shift() ?? NOTHING;
      if (next instanceof Error) throw next;
      return next;
    },
    // Far less than a page each time, as where runs have many waits.
    toAskAbout: async () => toAsk.splice(0, 1),
    async closeAll({ workflowIds }) {
      closed.push(...workflowIds);
    },
  };
  return { closed, waits };
}

function keep(waits: WaitKeeperDeps['waits']) {
  const kept = keepLog();
  let gave = 0;
  const deps = { waits, client, log: kept.log, everyMs: 20, askEveryMs: 60_000 };
  keeper = createWaitKeeper({ ...deps, gave: () => gave++ });
  keeper.start();
  return { ...kept, gave: () => gave };
}

test('what was given is told at once, and the log says to whom, and what was too large', async () => {
  const one = { workflowId: 'preview/1', deliveryId: 'd1' };
  const { waits } = waitsWith([
    { ...NOTHING, given: [one], more: true },
    {
      ...NOTHING,
      tooLarge: [{ ...one, deliveryId: 'd2' }],
      broken: [{ workflowId: 'odd/1', error: new Error('odd') }],
    },
  ]);
  const kept = keep(waits);
  await expect
    .poll(() => kept.lines('a run that waits was not given an event: it is larger than Temporal takes'))
    .toMatchObject([{ run: 'preview/1', delivery: 'd2' }]);
  expect(kept.lines('a run that waits was given an event')).toMatchObject([{ run: 'preview/1', delivery: 'd1' }]);
  expect(kept.lines('a run waits by triggers that are none: make them with the functions of the kit')).toMatchObject([
    { run: 'odd/1' },
  ]);
  expect(kept.gave()).toBe(1);
});

test('places take turns: one with much to compare holds up no other', async () => {
  const places = [PLACE, { source: 'hub', repository: '2' }];
  const looked: string[] = [];
  keep({
    toLookAt: async () => (looked.length === 0 ? places : []),
    async look({ repository }) {
      looked.push(repository);
      return { ...NOTHING, more: repository === '1' && looked.length < 5 };
    },
    toAskAbout: async () => [],
    closeAll: async () => undefined,
  });
  await expect.poll(() => looked).toEqual(['1', '2', '1', '1', '1']);
});

test('a store that does not answer is asked again', async () => {
  const { waits } = waitsWith([
    new StoreUnavailableError('the disk is away'),
    { ...NOTHING, given: [{ workflowId: 'a', deliveryId: 'b' }] },
  ]);
  const kept = keep(waits);
  await expect.poll(kept.gave, { timeout: 10_000 }).toBe(1);
  expect(kept.lines('runs that wait are given nothing: the store or Temporal does not answer')).toHaveLength(1);
});

test('a run that was terminated, or is gone with its Temporal, waits no more; one that is open does', async () => {
  const open = `waits/${randomUUID()}`;
  const terminated = `waits/${randomUUID()}`;
  for (const workflowId of [open, terminated])
    await client.workflow.start('nobody', { workflowId, taskQueue: 'nobody-polls-this' });
  await client.workflow.getHandle(terminated).terminate();
  const gone = `gone/${randomUUID()}`;
  const { waits, closed } = waitsWith([], [open, terminated, gone]);
  keep(waits);
  await expect.poll(() => [...closed].sort()).toEqual([gone, terminated].sort());
  await client.workflow.getHandle(open).terminate();
});
