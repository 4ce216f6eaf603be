import { approval, automation, notify, push, runJob } from 'hookyard/workflow';

/** Staging in turns, then production after another person's approval within four hours. */
export const fourHours = automation(
  { on: push({ branches: ['main'] }), concurrency: { group: 'staging', onBusy: 'queue' } },
  async (event) => {
    const staging = await runJob(event, { name: 'staging', steps: ['npm run deploy -- staging'] });
    if (!staging.passed) return;
    const answer = await approval({
      name: 'production',
      by: ['anna', 'bea'],
      expires: '4 hours',
      remind: '1 hour',
      ask: ({ command, link }) => notify.slack('releases', `${command}: ${link('bea')}`),
    });
    if (answer.approved) await runJob(event, { name: 'production', steps: ['npm run deploy -- production'] });
  },
);
