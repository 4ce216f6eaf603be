import {
  approval,
  automation,
  completed,
  cron,
  manual,
  matrix,
  pullRequest,
  push,
  runJob,
  tag,
  webhook,
} from 'hookyard/workflow';

/** What the screenshots show at work: each has an end that is worth an image, or none. */
export const ci = automation(
  {
    on: [push({ branches: ['main'] }), pullRequest()],
    concurrency: { group: 'pull-request', onBusy: 'cancel-running' },
  },
  async (event) => {
    await matrix(
      { node: [20, 22, 24] },
      ({ node }) =>
        runJob(event, {
          name: 'test',
          env: { NODE: String(node) },
          steps: [
            { name: 'install', run: 'sh ci/install.sh' },
            { name: 'lint', run: 'sh ci/lint.sh' },
            { name: 'unit tests', run: 'sh ci/test.sh', tests: 'tap' },
          ],
        }),
      { failFast: false },
    );
  },
);

export const docs = automation({ on: push({ branches: ['main'], paths: ['docs/**'] }) }, async (event) => {
  await runJob(event, { name: 'docs', steps: ['sh ci/install.sh'] });
});

/** Held up by the first, so that the others wait in its lane. */
export const deploy = automation(
  { on: push({ branches: ['production'] }), concurrency: { group: 'production', onBusy: 'queue' } },
  async (event) => {
    await runJob(event, { name: 'staging', steps: ['sh ci/install.sh', { name: 'roll out', run: 'sh ci/slow.sh' }] });
  },
);

export const release = automation({ on: tag({ tags: ['v*'] }) }, async (event) => {
  await runJob(event, { name: 'package', steps: ['sh ci/install.sh'] });
  const answer = await approval({ name: 'production', by: ['anna', 'team:acme/release-managers'], quorum: 2 });
  if (answer.approved) await runJob(event, { name: 'publish', steps: ['sh ci/install.sh'] });
});

export const afterCi = automation({ on: completed('docs') }, async () => {});

export const nightly = automation({ on: cron('0 3 * * 1-5', { timezone: 'Europe/Berlin' }) }, async () => {});

export const rollback = automation(
  {
    on: manual({
      inputs: {
        target: { type: ['staging', 'production'], description: 'where it goes' },
        version: { type: 'string', default: 'v2.3.9' },
        dry: { type: 'boolean', default: true, description: 'only says what it would do' },
      },
    }),
  },
  async () => {},
);

/** Tells two systems: one is away, the other refuses. */
export const tellPartners = automation({ on: pullRequest({ actions: ['closed'] }) }, async (event) => {
  const data = { number: event.pullRequest.number, title: event.pullRequest.title };
  await Promise.allSettled(
    ['archive', 'tickets', 'warehouse'].map((endpoint) => webhook.send(endpoint, { type: 'pull.merged', data })),
  );
});

export const recordEveryPushToAnyFeatureBranchOfTheWholeOrganisation = automation(
  { on: push({ branches: ['feature/**'] }) },
  async () => {},
);
