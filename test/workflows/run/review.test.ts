import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { client, deliver, installation, noted, resultOf, runOf, sha, useGated } from '../gated.js';

useGated();

/** Sends a review of pull request 7. */
const judge = (login: string, state = 'approved', sender = login) =>
  deliver('pull_request_review', {
    action: 'submitted',
    review: { id: 1, state, user: { login, type: 'User' }, commit_id: sha, html_url: 'http://hub/r' },
    pull_request: { number: 7, title: 'Sell even more', html_url: 'http://hub/pull/7' },
    sender: { login: sender, id: 5, type: 'User' },
  });

test("a stranger's approval starts nothing: the reviewer's permission is asked first", async () => {
  const stranger = await judge('eve');
  expect(await resultOf(runOf(stranger, 'afterReview'))).toMatchObject({
    outcome: 'skipped',
    filtered: false,
    because: '"eve" has read access to acme/app, and needs write',
  });
  expect(await noted(`review ${stranger.delivery}`)).toBeUndefined();
  expect(await resultOf(runOf(await judge('mallory'), 'afterReview'))).toMatchObject({ outcome: 'skipped' });
  // Whoever sends it, the reviewer is asked for.
  expect(await resultOf(runOf(await judge('eve', 'approved', 'ada'), 'afterReview'))).toMatchObject({
    outcome: 'skipped',
  });
  const colleague = await judge('ada');
  expect(await resultOf(runOf(colleague, 'afterReview'))).toMatchObject({ outcome: 'passed' });
  expect((await noted(`review ${colleague.delivery}`))?.data).toEqual({ by: 'ada' });
});

test("a stranger's review is heard where the automation says so, and where it judges nothing", async () => {
  expect(await resultOf(runOf(await judge('eve'), 'tellsOfReviews'))).toMatchObject({ outcome: 'passed' });
  expect(await resultOf(runOf(await judge('eve', 'commented'), 'afterReview'))).toMatchObject({ outcome: 'passed' });
});

test("a stranger's approval starts nothing in a run that Temporal was asked for, without the receiver", async () => {
  const handle = client.workflow.getHandle(runOf(await judge('eve'), 'afterReview'));
  await resultOf(handle.workflowId);
  const { events } = await handle.fetchHistory();
  const given = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  const event = JSON.parse(Buffer.from(given ?? []).toString());
  const { workflowId } = await client.workflow.start('afterReview', {
    taskQueue: installation.taskQueue,
    workflowId: `by-hand-${randomUUID()}`,
    args: [event],
  });
  expect(await resultOf(workflowId)).toMatchObject({ outcome: 'skipped', because: expect.stringContaining('eve') });
});
