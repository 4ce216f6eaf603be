import { expect, test } from 'vitest';
import type { Backend, NotBegunRow } from '../../src/store/backend.js';
import { createLanes } from '../../src/store/lanes.js';
import { pushEvent } from '../triggers/sample-events.js';

test('a list of runs that wait to begin is as long as asked, also where the events of some were forgotten', async () => {
  const events = JSON.stringify([pushEvent()]);
  const rows = [1, 2, 3, 4, 5].map(
    (arrived): NotBegunRow => ({
      ...{ workflowId: `w${arrived}`, automation: 'ci', arrived, part: 0, how: null },
      events: arrived < 3 ? '[]' : events,
    }),
  );
  const call = async (_: string, { after, limit }: { after: number; limit: number }) =>
    rows.filter(({ arrived }) => arrived > after).slice(0, limit);
  const lanes = createLanes({ call } as unknown as Backend);
  const listed = async (limit: number) =>
    (await lanes.notBegun({ limit, after: 0 })).map(({ workflowId }) => workflowId);
  expect(await listed(2)).toEqual(['w3', 'w4']);
  expect(await listed(9)).toEqual(['w3', 'w4', 'w5']);
});
