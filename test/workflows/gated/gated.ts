import { sleep } from '@temporalio/workflow';
import {
  automation,
  branchHead,
  comment,
  completed,
  cron,
  manual,
  mergeGroup,
  plain,
  pullRequest,
  push,
  report,
  review,
  runJob,
  status,
  sync,
  waitFor,
} from 'hookyard/workflow';

const note = (what: string, version: number | string, data: unknown) => sync.upsert('notes', what, data, { version });

/** Builds a pull request; its status is a required check. */
export const build = automation(
  { on: [pullRequest({ titles: ['!Docs**'], branches: ['main'] }), push({ branches: ['built'] })], checks: ['build'] },
  async (event) => {
    await note(`build ${event.deliveryId}`, 1, { sha: event.commit.sha });
  },
);

export const sources = automation(
  { on: [pullRequest({ paths: ['src/**'], forks: true }), push({ paths: ['src/**'] })], checks: ['sources'] },
  async (event) => {
    await note(`sources ${event.deliveryId}`, 1, {});
  },
);

export const deploy = automation({ on: comment({ commands: ['deploy'], permission: 'admin' }) }, async (event) => {
  await note(`deploy ${event.deliveryId}`, 1, event.commands);
  await report.comment(event as never, { body: `deployed for ${plain(event.sender.login)}` });
});

export const afterBuild = automation({ on: completed('build') }, async (event) => {
  await note(`after ${event.run}`, 1, { outcome: event.outcome, kind: event.event.kind });
});

/** Two that start each other again, for ever if they could. */
export const circle = automation({ on: [push({ branches: ['circle'] }), completed('round')] }, async (event) => {
  await note(`circle ${event.deliveryId}`, 'depth' in event ? event.depth : 0, {});
});

export const round = automation({ on: completed('circle') }, async (event) => {
  await note(`circle ${event.deliveryId}`, event.depth, {});
});

/** Runs nothing of the code, and so takes strangers' pull requests; what comes after it does not. */
export const greets = automation({ on: pullRequest({ forks: true, titles: ['Hello**'] }) }, async () => undefined);

export const afterGreets = automation({ on: completed('greets') }, async (event) => {
  await note(`after greets ${event.deliveryId}`, 1, {});
});

export const afterReview = automation({ on: review({ actions: ['approved', 'commented'] }) }, async (event) => {
  await note(`review ${event.deliveryId}`, 1, { by: event.reviewer });
});

export const tellsOfReviews = automation({ on: review({ permission: 'none' }) }, async () => undefined);

export const afterClose = automation(
  { on: pullRequest({ actions: ['closed'], titles: ['Tidy**'] }) },
  async (event) => {
    await note(`closed ${event.deliveryId}`, 1, {});
  },
);

const untilCancelled = async (event: Parameters<typeof report.status>[0]) => {
  await report.status(event, { context: 'build', state: 'pending', description: 'has begun' });
  await sleep('1 hour');
};

export const long = automation(
  { on: pullRequest({ titles: ['Long'], actions: ['opened', 'reopened'] }) },
  untilCancelled,
);

export const outlives = automation(
  {
    on: [pullRequest({ titles: ['Long'], actions: ['opened'], forks: true }), push({ branches: ['gone'] })],
    cancelOnClose: false,
  },
  () => sleep('1 hour'),
);

export const awaitsClosing = automation(
  { on: pullRequest({ titles: ['Awaited'], actions: ['opened'] }) },
  async (event) => {
    const closing = await waitFor(pullRequest({ actions: ['closed'] }), { of: event, within: '1 hour' });
    await sleep('2 seconds');
    await note(`awaited ${event.deliveryId}`, 1, { action: closing?.action });
  },
);

export const tearsDown = automation({ on: pullRequest({ titles: ['Long'], actions: ['closed'], forks: true }) }, () =>
  sleep('1 hour'),
);

export const ofBranch = automation({ on: push({ branches: ['gone'] }), cancelOnClose: true }, untilCancelled);

export const afterChecks = automation({ on: status({ branches: ['main'] }) }, async (event) => {
  await note(`checks ${event.deliveryId}`, 1, { sha: event.commit.sha });
});

export const tellsOfChecks = automation({ on: status({ forks: true }) }, async () => undefined);

/** Does not say that it trusts forks, though what it comes after does. */
export const afterTold = automation({ on: completed('tellsOfChecks') }, async (event) => {
  await note(`after told ${event.deliveryId}`, 1, {});
});

/** Of another repository, and of another source. */
export const elsewhere = automation({ on: pullRequest({ repositories: ['acme/prod'] }) }, async (event) => {
  await note(`elsewhere ${event.deliveryId}`, 1, {});
});

export const lints = automation(
  {
    on: [comment({ commands: ['lint'], permission: 'read' }), comment({ commands: ['ship-it'], permission: 'admin' })],
  },
  async (event) => {
    await note(`lints ${event.deliveryId}`, 1, event.commands);
  },
);

export const nightly = automation({ on: cron('17 3 * * *', { timezone: 'Europe/Berlin' }) }, async (event) => {
  await note('nightly', event.scheduledAt, { cron: event.cron, id: event.deliveryId });
});

export const ship = automation(
  {
    on: manual({
      inputs: { environment: ['staging', 'production'], replicas: { type: 'number', default: 2 }, dry: 'boolean' },
    }),
  },
  async (event) => {
    const { environment, replicas, dry } = event.inputs;
    const head = await branchHead({ source: 'github', repository: 'acme/app', branch: 'main' });
    const built = await runJob(head, { name: 'ship', steps: ['cat word.txt'], env: { environment } });
    await note(`ship ${event.deliveryId}`, replicas * 1, {
      environment,
      dry,
      passed: built.passed,
      sha: head.commit.sha,
    });
  },
);

export const reads = automation({ on: push({ branches: ['raw'] }) }, async (event) => {
  const all = (await event.raw()) as { pusher: { email: string } };
  const part = await event.raw('/commits/0/author/name');
  const none = await event.raw('/commits/99');
  await note(`raw ${event.deliveryId}`, 1, { email: all.pusher.email, part, none: none === undefined });
});

/** Checks one merge group of a repository after the other. */
export const queued = automation(
  { on: mergeGroup(), checks: ['queued'], concurrency: { group: 'repository' } },
  async (event) => {
    await report.status(event, { state: 'pending', description: 'has begun', context: 'queued' });
    await sleep('1 hour');
  },
);

/** Says that a status is pending, and ends as the branch says. */
export const forgets = automation({ on: push({ branches: ['forgets/*'] }) }, async (event) => {
  await report.status(event, { state: 'pending', description: 'has begun', context: 'begun' });
  if (event.branch === 'forgets/fails') throw new Error('the author did not think of this');
  if (event.branch === 'forgets/waits') await sleep('1 hour');
});

export const beginsChain = automation({ on: pullRequest({ titles: ['Begins a chain'] }) }, async () => undefined);

export const goesOn = automation({ on: completed('beginsChain') }, async () => undefined);

export const endsChain = automation({ on: completed('goesOn') }, async () => undefined);
