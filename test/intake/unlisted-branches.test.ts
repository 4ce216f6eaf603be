import { expect, test } from 'vitest';
import type { StatusEvent } from '../../src/events/event.js';
import { matchAutomations } from '../../src/intake/match-automations.js';
import { status } from '../../src/triggers/index.js';
import { statusEvent } from '../triggers/sample-events.js';

const branches = (count: number) => Array.from({ length: count }, (_, at) => `more-${at}`);

async function verdictOn(trigger: ReturnType<typeof status>, change: Partial<StatusEvent>) {
  const automations = [{ name: 'deploys', file: 'deploys.ts', on: [trigger] }];
  const [verdict] = await matchAutomations([statusEvent(change)], { key: 'k1', automations, canAsk: true });
  return { outcome: verdict?.outcome, because: verdict?.because };
}

test('what is refused by its branches says that the commit may be on more than GitHub lists, and starts nothing', async () => {
  expect(await verdictOn(status({ branches: ['main'] }), { branch: 'more-0', branches: branches(10) })).toEqual({
    outcome: 'filtered',
    because:
      'none of its 10 branches is in branches ["main"]; no more than 10 of a commit\'s branches are told, and it may be on others',
  });
});

test.each<[string, ReturnType<typeof status>, Partial<StatusEvent>]>([
  ['all of its branches are listed', status({ branches: ['main'] }), { branches: branches(9) }],
  ['its name is refused too', status({ branches: ['main'], names: ['x'] }), { branches: branches(10) }],
  ["it may be a fork's", status({ branches: ['main'] }), { branches: branches(10), fork: true }],
])('nothing is said of other branches where %s', async (_, trigger, change) => {
  const { outcome, because } = await verdictOn(trigger, { branch: 'more-0', ...change });
  expect(outcome).toBe('filtered');
  expect(because).not.toContain('others');
});
