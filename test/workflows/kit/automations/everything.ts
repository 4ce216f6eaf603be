import {
  automation,
  comment,
  notify,
  push,
  report,
  runJob,
  secret,
  sync,
  tag,
  triggerBuild,
  webhook,
} from 'hookyard/workflow';

/** Uses every part of the kit once. */
export const everything = automation({ on: push() }, async (event) => {
  const job = await runJob(event, {
    name: 'test',
    steps: [{ name: 'read', run: 'cat word.txt; echo "$MESSAGE $TOKEN"' }],
    env: { MESSAGE: event.commit.message ?? '', TOKEN: secret('token') },
  });
  const actions = await triggerBuild.githubActions(event, {
    workflow: 'release.yml',
    ref: 'main',
    inputs: { tag: 'v1' },
  });
  const other = await triggerBuild.http('other', { params: { sha: event.commit.sha } });
  await Promise.all([
    notify.slack('team', `built: ${job.passed} ${actions.passed} ${other.passed}`),
    notify.email('team', { subject: 'built', text: `outcome ${job.outcome}` }),
    notify.sms('team', 'built'),
    webhook.send('partner', { type: 'push.built', data: { sha: event.commit.sha } }),
    sync.upsert('commits', event.branch, { sha: event.commit.sha }, { version: event.receivedAt }),
    report.status(event, { state: 'success', description: 'all done', context: 'all' }),
  ]);
});

export const red = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'red', steps: ['echo before', 'exit 3', 'echo after'] });
});

export const slow = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'slow', steps: ['sleep 300'] });
});

export const late = automation({ on: push() }, async (event) => {
  await runJob(event, { name: 'late', steps: ['sleep 300'], timeout: '1 second' });
});

export const broken = automation({ on: push() }, async () => {
  throw new Error('the author did not think of this');
});

export const unconfigured = automation({ on: push() }, async () => {
  await notify.slack('nowhere', 'hello');
});

export const abandoned = automation({ on: push() }, async (event) => {
  await Promise.all([
    runJob(event, { name: 'long', steps: ['sleep 300'] }),
    runJob(event, { name: 'wrong', steps: ['true'], env: { X: secret('nowhere') } }),
  ]);
});

export const unawaited = automation({ on: push() }, async (event) => {
  void sync.upsert('unawaited', event.branch, { done: true }, { version: 1 });
  void notify.slack('nowhere', 'nobody waits for this');
});

export const misled = automation({ on: [push(), comment()] }, async (event) => {
  await runJob(event, { name: 'misled', steps: ['true'] });
});

export const statusless = automation({ on: [push(), comment()] }, async (event) => {
  await report.status(event as never, { state: 'success', description: 'done' });
});

export const tagged = automation({ on: tag() }, async (event) => {
  await runJob(event, { name: 'publish', steps: ['echo "$HOOKYARD_COMMIT $TOLD"'], env: { TOLD: event.commit.sha } });
  await report.status(event, { state: 'success', description: 'published', context: 'done' });
});
