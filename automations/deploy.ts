import { automation, protect, push, runJob } from 'hookyard/workflow';

/** Deploys every push to the branch production, one after the other, in the order of arrival. A roll-out is done to its end. */
export const deploy = automation(
  { on: push({ branches: ['production'] }), concurrency: { group: 'production', onBusy: 'queue' } },
  async (event) => {
    const built = await runJob(event, { name: 'build', steps: ['npm ci', 'npm run build'] });
    if (!built.passed) return;
    await protect('roll-out', () => runJob(event, { name: 'roll-out', steps: ['npm ci', 'npm run deploy'] }));
  },
);
