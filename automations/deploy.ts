import { approval, automation, notify, protect, push, runJob, slackText } from 'hookyard/workflow';

/**
 * Deploys every push to the branch production, in the order of arrival: to staging, and to production once somebody else than its
 * author has approved it. A roll-out is done to its end. Needs the Slack channel `releases`.
 */
export const deploy = automation(
  { on: push({ branches: ['production'] }), concurrency: { group: 'production', onBusy: 'queue' } },
  async (event) => {
    const staged = await runJob(event, { name: 'staging', steps: ['npm ci', 'npm run deploy -- staging'] });
    if (!staged.passed) return;
    const answer = await approval({
      name: 'production',
      expires: '5 days',
      remind: '1 day',
      ask: ({ by, command }) => notify.slack('releases', slackText(`production waits for ${by}: ${command}`)),
    });
    if (!answer.approved) return;
    await protect('roll-out', () =>
      runJob(event, { name: 'production', steps: ['npm ci', 'npm run deploy -- production'] }),
    );
  },
);
