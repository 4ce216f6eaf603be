import { automation, notify, runJob, slackText, tag, triggerBuild } from 'hookyard/workflow';

/** A version tag: test it here, let GitHub Actions publish it, tell people. */
export const release = automation({ on: tag({ tags: ['v*'] }) }, async (event) => {
  const tested = await runJob(event, { name: 'test', steps: ['npm ci', 'npm test'], timeout: '20 minutes' });
  if (!tested.passed) {
    await notify.slack('releases', `${slackText(event.tag)} of ${event.repository.fullName} is red: ${tested.url}`);
    return;
  }
  const published = await triggerBuild.githubActions(event, {
    workflow: 'publish.yml',
    inputs: { tag: event.tag },
    timeout: '1 hour',
  });
  await notify.slack(
    'releases',
    `${slackText(event.tag)} of ${event.repository.fullName}: publishing ${published.conclusion}`,
  );
});
