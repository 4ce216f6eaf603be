import { automation, pullRequest, runJob } from 'hookyard/workflow';

const lane = { group: 'preview {pullRequest.number}', scope: 'repository' } as const;
const closed = pullRequest({ actions: ['closed'] });

export const preview = automation(
  { on: pullRequest(), concurrency: { ...lane, onBusy: 'cancel-running' }, endOn: closed },
  async (event) => {
    const env = { PREVIEW: `pr-${event.pullRequest.number}` };
    await runJob(event, { name: 'preview', steps: ['sh preview.sh up'], env });
  },
);

export const teardown = automation({ on: closed, concurrency: lane }, async (event) => {
  const env = { PREVIEW: `pr-${event.pullRequest.number}` };
  await runJob(event, { name: 'teardown', steps: ['sh preview.sh down'], env });
});
