import { automation, pullRequest, sync } from 'hookyard/workflow';

export const ofAda = automation({ on: pullRequest({ authors: ['ada'] }), checks: ['a'] }, async (event) => {
  await sync.upsert('notes', event.deliveryId, { author: event.pullRequest.author ?? '(not known)' }, { version: 1 });
});

export const ofBoth = automation(
  { on: [pullRequest({ authors: ['renovate'] }), pullRequest({ authors: ['ada'], paths: ['docs/**'] })] },
  async () => undefined,
);

const ofAll = pullRequest({ paths: ['docs/**'] });
export const ofAllOrAda = automation({ on: [ofAll, pullRequest({ authors: ['ada'] })] }, async () => undefined);
export const ofAllOrBots = automation({ on: [ofAll, pullRequest({ authors: ['renovate'] })] }, async () => undefined);

export const ofBots = automation({ on: pullRequest({ authors: ['renovate'] }), checks: ['b'] }, async () => undefined);
