import { artifact, automation, completed, manual, matrix, push, runJob, sync } from 'hookyard/workflow';

export const builds = automation({ on: push({ branches: ['main'] }) }, async (event) => {
  const build = await runJob(event, {
    name: 'build',
    artifacts: { name: 'site', paths: ['site'], expires: '2 days' },
    steps: ['mkdir site; echo "made at $HOOKYARD_COMMIT" > site/index.html'],
  });
  const check = await runJob(event, {
    name: 'check',
    needs: [artifact.get('site', { dir: 'built' })],
    artifacts: { name: 'report', paths: ['report.txt'] },
    steps: ['cp built/site/index.html report.txt; cat report.txt; exit 1'],
  });
  await sync.upsert('built', event.deliveryId, { build, check }, { version: 1 });
});

/** Goes on with what the run that has ended has kept. */
export const publishes = automation({ on: completed('builds', { outcomes: ['failed'] }) }, async (event) => {
  if (event.event.kind !== 'push') return;
  const published = await runJob(event.event, {
    name: 'publish',
    needs: [artifact.get('site', { run: event.run })],
    steps: ['cat site/index.html; echo "page=$(cat site/index.html)" >> "$HOOKYARD_OUTPUT"'],
  });
  await sync.upsert('published', event.run, published, { version: 1 });
});

/** Longer than a job may be called. */
const LONG = 'site-of-the-documentation-in-all-of-its-languages-and-colours';

export const cells = automation({ on: push({ branches: ['cells'] }) }, async (event) => {
  await runJob(event, { name: 'make', artifacts: { name: 'made', paths: ['made'] }, steps: ['echo before > made'] });
  await matrix({ node: [20, 24] }, async ({ node }) => {
    await runJob(event, {
      name: 'build',
      artifacts: [
        { name: 'site', paths: ['site'] },
        { name: LONG, paths: ['site'] },
      ],
      env: { NODE: `${node}` },
      steps: ['mkdir site; echo $NODE > site/index.html'],
    });
    const { outputs } = await runJob(event, {
      name: 'check',
      needs: [artifact.get('site'), artifact.get('made'), artifact.get(LONG, { dir: 'long' })],
      steps: ['echo "read=$(cat site/index.html made long/site/index.html | xargs)" >> "$HOOKYARD_OUTPUT"'],
    });
    await sync.upsert('read', `${node}`, outputs, { version: 1 });
  });
});

export const misspelt = automation({ on: [push({ branches: ['misspelt'] }), manual()] }, async (event) => {
  if (event.kind !== 'push') return;
  await runJob(event, { name: 'build', artifacts: { name: '../x', paths: ['x'] }, steps: ['true'] });
});
