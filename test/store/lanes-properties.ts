import fc from 'fast-check';
import { test } from 'vitest';
import { ON_BUSY } from '../../src/lanes/concurrency.js';
import type { Store } from '../../src/store/store.js';
import { aClaim } from './a-claim.js';
import { LaneModel } from './lane-model.js';

const run = fc.integer({ min: 0, max: 7 }).map((n) => `run ${n}`);
const change = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('enter'),
      run,
      onBusy: fc.constantFrom(...ON_BUSY),
      limit: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('leave', 'stepAside', 'stepBack'), run }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause'), isPaused: fc.boolean() }) },
);

/** Tests that a store does with any runs in a lane what {@link LaneModel} does. */
export function testAgainstModel(
  name: string,
  { open, numRuns }: { open: () => Promise<{ store: Store; remove(): Promise<void> }>; numRuns: number },
): void {
  test(`${name} does with runs in a lane what the model does, whatever happens to them`, async () => {
    const { store, remove } = await open();
    let lanes = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 25 }), async (changes) => {
          lanes += 1;
          const lane = `lane ${lanes}`;
          const model = new LaneModel();
          const named = (id: string) => `${lane} ${id}`;
          for (const one of changes) {
            switch (one.kind) {
              case 'enter': {
                const { onBusy, limit } = one;
                model.enter(named(one.run), one);
                await store.lanes.enter({
                  workflowId: named(one.run),
                  automation: 'ci',
                  claim: aClaim({ lane, onBusy, limit }),
                });
                break;
              }
              case 'pause':
                model.pause(one.isPaused);
                // Where nobody has entered yet there is no lane.
                if (!(await store.lanes.setMode({ lane, mode: one.isPaused ? 'paused' : 'open', by: 'ada' })))
                  model.pause(false);
                break;
              case 'leave':
                model.leave(named(one.run));
                await store.lanes.leave([named(one.run)]);
                break;
              case 'stepAside':
              case 'stepBack':
                model[one.kind](named(one.run));
                await store.lanes[one.kind](named(one.run));
                break;
              default:
                throw new Error(`nobody does ${JSON.stringify(one)}`);
            }
          }
          await isAsIn(model, store, lane);
        }),
        { numRuns },
      );
    } finally {
      await store.close();
      await remove();
    }
  });
}

async function isAsIn(model: LaneModel, store: Store, lane: string): Promise<void> {
  const [listed] = (await store.lanes.list({ limit: 1000, named: lane })).filter((one) => one.lane === lane);
  const there: Record<string, string> = {};
  for (const { workflowId, state, endsFor } of listed?.entries ?? [])
    there[workflowId] = endsFor === undefined ? state : `${state}, told to end`;
  const expected = model.standing();
  for (const [workflowId, state] of Object.entries(expected)) {
    if (state !== 'superseded' && state !== 'refused') continue;
    // One that has ended is told so again; it does not enter anew.
    there[workflowId] = (await store.lanes.enter({ workflowId, automation: 'ci', claim: aClaim({ lane }) })).state;
  }
  const words = (standing: Record<string, string>) =>
    Object.entries(standing)
      .map(([workflowId, state]) => `${workflowId}: ${state}`)
      .sort()
      .join('\n');
  if (words(there) !== words(expected))
    throw new Error(`the store has\n${words(there)}\nand the model\n${words(expected)}`);
}
