import { expect, test } from 'vitest';
import { mergeGroupPayload } from '../../providers/github/merge-group.js';
import {
  client,
  deliver,
  installation,
  PATIENTLY,
  resultOf,
  runOf,
  sha,
  started,
  statuses,
  useGated,
} from '../gated.js';

useGated();

const REF = 'refs/heads/gh-readonly-queue/main/pr-7-';
const of = (change: object, number: number) =>
  deliver(
    'merge_group',
    mergeGroupPayload(change, { head_sha: number === 1 ? sha : OTHER, head_ref: `${REF}${number}` }),
  );
const OTHER = 'c'.repeat(40);
const destroyed = (number: number, reason: string) => of({ action: 'destroyed', reason }, number);

test('the runs of a merge group that is destroyed are cancelled, also those that wait in a lane, and no others', async () => {
  const running = runOf(await of({}, 1), 'queued');
  await started(running);
  await expect.poll(() => statuses().map(({ state }) => state), PATIENTLY).toContain('pending');
  const waiting = runOf(await of({}, 2), 'queued');
  const start = async () => installation.store.inbox.findStart(waiting);
  expect(await start()).toMatchObject({ state: 'waiting' });

  expect(await resultOf(runOf(await destroyed(2, 'invalidated'), 'hookyardMergeGroups'))).toMatchObject({
    outcome: 'passed',
  });
  expect(await start()).toMatchObject({ state: 'refused', because: 'its merge group was invalidated' });
  const handle = client.workflow.getHandle(running);
  expect((await handle.describe()).status.name).toBe('RUNNING');

  await resultOf(runOf(await destroyed(1, 'dequeued'), 'hookyardMergeGroups'));
  await expect(resultOf(running)).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect((await handle.describe()).memo).toMatchObject({ cancelledBecause: 'its merge group was dequeued' });
  expect(statuses()[0]).toMatchObject({ state: 'error', description: 'its merge group was dequeued' });
});
