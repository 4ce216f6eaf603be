import { automation, push, webhook } from 'hookyard/workflow';

export const refused = automation({ on: push() }, async (event) => {
  await webhook.send('partner', { type: 'push.built', data: { sha: event.commit.sha } });
});
