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
