import { automation, comment, pullRequest, push, report, review, waitFor } from 'hookyard/workflow';

const closed = pullRequest({ actions: ['closed'], forks: true });
const activity = [comment(), review({ permission: 'none' }), push(), pullRequest({ forks: true })];

export const stale = automation(
  { on: pullRequest({ actions: ['opened', 'reopened'], forks: true }), endOn: closed },
  async (event) => {
    while (await waitFor(activity, { of: event, within: '3 days' }));
    await report.comment(event, { body: 'Nothing has happened here for three days.' });
  },
);
