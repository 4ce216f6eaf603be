import { condition, startChild, workflowInfo } from '@temporalio/workflow';
import {
  approval,
  automation,
  branchHead,
  comment,
  notify,
  protect,
  pullRequest,
  push,
  slackText,
  sync,
} from 'hookyard/workflow';

const note = (what: string, data: unknown) => sync.upsert('notes', what, data, { version: 1 });

/** Whoever may write approves; tells what has come of it. */
export const release = automation(
  { on: [pullRequest(), push({ branches: ['released/**'] })], cancelOnClose: false },
  async (event) => {
    const answer = await approval({ name: 'production' });
    await note(`release ${event.deliveryId}`, answer);
  },
);

/** Two people of some, a team among them; asks them by links. */
export const guarded = automation({ on: push({ branches: ['guarded/**'] }) }, async (event) => {
  const answer = await approval({
    name: 'guarded',
    by: ['Ada', 'team:acme/ops'],
    quorum: 2,
    operators: false,
    ask: async ({ link, by }) => {
      const byId = await Promise.resolve('id:7').then(link).catch(String);
      await note(`guarded ${event.deliveryId} by id`, { byId });
      await notify.slack('ops', `${slackText(by)}: ${link('ada')} ${link('bea')} or ${event.commit.message}`);
    },
  });
  await note(`guarded ${event.deliveryId}`, answer);
});

/** One name twice, one after the other. */
export const twice = automation({ on: push({ branches: ['twice/**'] }) }, async (event) => {
  const first = await approval({ name: 'step' });
  const second = await approval({ name: 'step', expires: '2 seconds' });
  await note(`twice ${event.deliveryId}`, [first.state, second.state]);
});

/** Approves a branch that it looks up itself. */
export const lookedUp = automation({ on: push({ branches: ['looks/**'] }) }, async (event) => {
  const of = await branchHead({ source: event.source, repository: 'acme/app', branch: 'main' });
  await note(`lookedUp ${event.deliveryId}`, await approval({ name: 'head', of }));
});

/** Asks about the pull request that a comment is on. */
export const commented = automation({ on: comment({ commands: ['ship'] }) }, async (event) => {
  await approval({ name: 'ship' });
  await note(`commented ${event.deliveryId}`, {});
});

/** Asks twice at once, and goes on with each by itself; does without an answer that can't be had. */
export const parallel = automation(
  { on: push({ branches: ['parallel/**'] }), concurrency: { group: 'parallel', onBusy: 'queue' } },
  async (event) => {
    const ask = async (name: string) => {
      await approval({ name }).catch(() => undefined);
      await note(`parallel ${event.deliveryId} ${name}`, {});
    };
    await Promise.all([ask('eu'), ask('us')]);
  },
);

/** Works as long as it is let. */
export const besides = automation({ on: push({ branches: ['none'] }) }, () => condition(() => false));

/** Asks people while a child works that is in no lane. */
export const withChild = automation(
  { on: push({ branches: ['with-child/**'] }), concurrency: { group: 'with-child', onBusy: 'queue' } },
  async (event) => {
    await startChild('besides', { args: [event], workflowId: `${workflowInfo().workflowId}/child` });
    await approval({ name: 'withChild' });
  },
);

/** Gives up its slot while people are asked. */
export const queued = automation(
  { on: push({ branches: ['queued/**'] }), concurrency: { group: 'queued', onBusy: 'queue' } },
  async (event) => {
    await note(`queued ${event.deliveryId} began`, { at: event.receivedAt });
    if (event.commit.message === 'asks') await approval({ name: 'queued' });
    if (event.commit.message === 'asks twice')
      await Promise.all([approval({ name: 'queued' }), approval({ name: 'second' })]);
    await note(`queued ${event.deliveryId} went on`, {});
    if (event.commit.message === 'holds') await protect('held', () => approval({ name: 'held' }));
  },
);
