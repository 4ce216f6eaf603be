import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { OpenWaitInput } from '../../../src/activities/contract/index.js';
import { createWaitActivities } from '../../../src/activities/waits/waits.js';
import { openSqliteStore } from '../../../src/store/sqlite/open.js';
import { pullRequest } from '../../../src/triggers/index.js';
import { aboutOf } from '../../../src/waits/about.js';
import { aDelivery } from '../../store/a-delivery.js';
import { activity } from '../../support/harness/activity.js';
import { tempFolder } from '../../support/temp-folder.js';
import { aComment, aPullRequest } from '../../waits/an-event.js';

/** More than twenty pages of what a look compares. */
const OTHERS = 410;

test('what has arrived before the wait is given at once, however much else came in between', async () => {
  const store = await openSqliteStore({ path: join(await tempFolder('wait-activities'), 'store.db') });
  const begin = aDelivery('begin', { events: [aPullRequest()], verdicts: [] });
  await store.inbox.accept(begin);
  const others = Array.from({ length: OTHERS }, (_, n) =>
    aDelivery(`other ${n}`, { events: [aComment({ number: 8 })], verdicts: [] }),
  );
  await Promise.all(others.map((each) => store.inbox.accept(each)));
  const closed = aPullRequest({ action: 'closed' });
  await store.inbox.accept(aDelivery('closed', { events: [closed], verdicts: [] }));
  const input: OpenWaitInput = {
    ...{ number: 1, title: 'a change of a pull request about #7', source: 'hub', repository: '1', ends: true },
    ...{ on: [pullRequest({ actions: ['closed'] })], about: aboutOf(aPullRequest()) },
    after: { deliveryId: begin.id, receivedAt: new Date(begin.receivedAt).toISOString() },
  };
  const opened = await activity({}).run(createWaitActivities({ store }).openWait, input);
  expect(opened.given).toMatchObject({ event: closed });
  await store.close();
});

test('a state that is newer than what the run began with is given, though it was received before', async () => {
  const store = await openSqliteStore({ path: join(await tempFolder('wait-activities'), 'store.db') });
  const now = Date.now();
  const pull = (action: 'closed' | 'synchronize', secondsAgo: number) =>
    aPullRequest(
      { action, receivedAt: new Date(now).toISOString() },
      { updatedAt: new Date(now - secondsAgo * 1_000).toISOString() },
    );
  const keep = async (key: string, event: ReturnType<typeof pull>, receivedAt: number) => {
    const delivery = aDelivery(key, { events: [event], verdicts: [], receivedAt });
    await store.inbox.accept(delivery);
    return delivery;
  };
  await keep('closed before that', pull('closed', 7_200), now - 7_200_000);
  const closed = pull('closed', 1_800);
  await keep('closed', closed, now - 1_800_000);
  const late = pull('synchronize', 3_600);
  const begin = await keep('late', late, now);
  const receivedAt = new Date(now).toISOString();
  const opened = await activity({}).run(createWaitActivities({ store }).openWait, {
    ...{ number: 1, title: 'a change of a pull request about #7', source: 'hub', repository: '1', ends: true as const },
    ...{ on: [pullRequest({ actions: ['closed'] })], about: aboutOf(late) },
    after: { deliveryId: begin.id, receivedAt },
    newerThan: { changedAt: late.pullRequest.updatedAt ?? '', receivedAt },
  });
  expect(opened.given).toMatchObject({ event: closed });
  await store.close();
});
