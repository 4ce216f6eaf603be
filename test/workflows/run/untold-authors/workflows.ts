import { automation, pullRequest, sync, waitFor } from 'hookyard/workflow';

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

/** Waits for the end of a pull request of an author, and writes down whose it was. */
export const awaitsAda = automation({ on: pullRequest({ actions: ['opened'] }) }, async (event) => {
  const next = await waitFor(pullRequest({ actions: ['closed'], authors: ['ada'] }), { of: event, within: '1 minute' });
  await sync.upsert('notes', event.deliveryId, { author: next?.pullRequest.author ?? 'nobody' }, { version: 1 });
});
