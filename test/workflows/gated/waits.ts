import { condition, sleep } from '@temporalio/workflow';
import { automation, comment, pullRequest, push, review, sync, waitFor } from 'hookyard/workflow';

const note = (what: string, version: number, data: unknown) => sync.upsert('notes', what, data, { version });

/** Begins to wait only after a while, and writes down what it gets until somebody says that it is enough. */
export const listens = automation({ on: pullRequest({ titles: ['Listens**'], forks: true }) }, async (event) => {
  const got: string[] = [];
  await sleep('1 second');
  while (got.at(-1) !== 'enough') {
    const next = await waitFor([comment(), pullRequest({ actions: ['synchronize'] }), push()], {
      of: event,
      within: '1 minute',
    });
    if (next === undefined) break;
    got.push(next.kind === 'comment' ? next.comment.body : `${next.kind} ${next.commit.sha}`);
    await note(`heard ${event.deliveryId}`, got.length, got);
  }
});

/** Waits for a command of an administrator; for a short time by one of its titles. */
export const waitsShortly = automation({ on: pullRequest({ titles: ['Shortly**'] }) }, async (event) => {
  const within = event.pullRequest.title === 'Shortly' ? '4 seconds' : '1 minute';
  const next = await waitFor(comment({ commands: ['ship'], permission: 'admin' }), { of: event, within });
  await note(`shipped ${event.deliveryId}`, 1, { by: next?.sender.login ?? 'nobody' });
});

/** Takes new code of a stranger, once it was approved, in two waits at once; for a short time by one of its titles. */
export const waitsForCode = automation({ on: pullRequest({ titles: ['Code**'] }) }, async (event) => {
  await note(`begun ${event.commit.sha}`, 1, {});
  const within = event.pullRequest.title === 'Code' ? '15 seconds' : '1 minute';
  const code = () => waitFor(pullRequest({ actions: ['synchronize'] }), { of: event, within });
  const both = await Promise.all([code(), code()]);
  await note(`code ${event.deliveryId}`, 1, { got: both.map((next) => next?.commit.sha ?? 'none') });
  await sleep('1 hour');
});

/** Waits for two things at once, and ends without the other. */
export const waitsForOne = automation({ on: pullRequest({ titles: ['Either**'] }) }, async (event) => {
  const first = await Promise.race([
    waitFor(review(), { of: event, within: '1 hour' }),
    waitFor(comment(), { of: event, within: '1 hour' }),
  ]);
  await note(`either ${event.deliveryId}`, 1, { kind: first?.kind });
});

export const endsWhenClosed = automation(
  {
    on: pullRequest({ titles: ['Ends**'] }),
    endOn: [pullRequest({ actions: ['closed'] }), comment({ commands: ['stop'] })],
    cancelOnClose: false,
  },
  async (event) => {
    await note(`begun ${event.deliveryId}`, 1, {});
    await condition(() => false);
  },
);

export const endsNever = automation({ on: pullRequest({ titles: ['Begins without it'] }) }, async (event) => {
  await note(`begun ${event.deliveryId}`, 1, {});
  await condition(() => false);
});

/** What no wait can ever get. */
export const waitsInVain = automation({ on: push({ branches: ['in-vain'] }) }, async (event) => {
  await waitFor(comment(), { of: event, within: '1 hour' });
});
