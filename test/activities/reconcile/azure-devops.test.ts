import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type LocalServer, type Received, startServer } from '../../support/harness/http-server.js';
import { unique } from '../../support/temporal.js';
import { openSystem, type System } from './system.js';

const TOKEN = 'canary-forge-token';
const SECRET = 'a webhook secret for tests';
const SUBSCRIPTION = 'd21a27a6-3b89-45fb-9af9-0fe220348c1d';
const [azure, late] = [unique('azure'), unique('late')];
let system: System;
let devops: LocalServer;

beforeAll(async () => {
  devops = await startServer(answerAzure);
  const source = {
    kind: 'azure-devops' as const,
    secrets: [{ env: 'SECRET' }],
    reconcile: { callsPerMinute: 6_000 },
    url: 'https://dev.azure.example/acme',
    api: { url: devops.url, token: { env: 'TOKEN' } },
  };
  system = await openSystem({
    values: { SECRET, TOKEN },
    config: (receiver) => ({ server: { publicUrl: receiver }, sources: { [azure]: source, [late]: source } }),
  });
});
afterAll(async () => {
  await system?.close();
  await devops?.close();
});
afterEach(() => system.receiver.up());

const keys = async (source: string) => (await system.deliveries(source)).map(({ key }) => key).sort();
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const sha = () => randomUUID().replaceAll('-', '').padEnd(40, '0');

interface Notification {
  readonly id: number;
  readonly createdDate: string;
  readonly result: string;
  readonly event: Record<string, unknown> | null;
}

let notifications: Notification[] = [];
/** Of the subscription, as its owner is told it. */
let status = 'enabled';
/** Whom the subscription is for. */
let receiving = azure;
/** More than these of a subscription can't be asked for. */
const MAX_NOTIFICATIONS = 1_000;

/** As https://learn.microsoft.com/rest/api/azure/devops/hooks/ has it. */
function answerAzure({ method, path, query, headers }: Received) {
  if (headers.authorization !== `Basic ${Buffer.from(`:${TOKEN}`).toString('base64')}`) return { status: 401 };
  if (method !== 'GET' || !query.get('api-version')) return { status: 400 };
  if (path === '/_apis/hooks/subscriptions') {
    const url = `${system.receiver.url}/webhooks/${receiving}`;
    const mine = {
      id: SUBSCRIPTION,
      status,
      consumerId: 'webHooks',
      consumerInputs: { url, basicAuthUsername: 'hookyard' },
    };
    return { status: 200, body: { count: 1, value: [mine] } };
  }
  const below = `/_apis/hooks/subscriptions/${SUBSCRIPTION}/notifications`;
  const about = { subscriptionId: SUBSCRIPTION, status: 'completed' };
  if (path === below) {
    const asked = notifications.filter(({ result }) => [null, result].includes(query.get('result')));
    const shown = asked.slice(0, Number(query.get('maxResults') ?? 100));
    return { status: 200, body: { value: shown.map(({ event, ...rest }) => ({ ...rest, ...about })) } };
  }
  const one = notifications.find(({ id }) => path === `${below}/${id}`);
  if (!one) return { status: 404 };
  const { event, ...rest } = one;
  return { status: 200, body: { ...rest, ...about, details: { eventType: 'git.push', event } } };
}

function pushed(number: number, minutes: number, result: string): Notification {
  const repository = {
    id: '98f0ce59-a912-43d5-96d2-bc0942a03f7b',
    name: 'The Shop',
    project: { name: 'My Project', visibility: 'private' },
  };
  const newObjectId = sha();
  const event = {
    id: randomUUID(),
    eventType: 'git.push',
    publisherId: 'tfs',
    resource: {
      commits: [{ commitId: newObjectId, comment: 'Sell more' }],
      refUpdates: [{ name: 'refs/heads/main', oldObjectId: sha(), newObjectId }],
      repository,
      pushedBy: { displayName: 'Ada L', uniqueName: 'ada@acme.example' },
    },
    resourceVersion: '1.0',
    createdDate: minutesAgo(minutes).toISOString(),
  };
  return { id: number, createdDate: event.createdDate, result, event };
}

test('what Azure DevOps could not deliver is taken in as it tells it, and the late delivery itself is a repeat', async () => {
  notifications.push(pushed(3, 10, 'failed'), pushed(2, 20, 'pending'), pushed(1, 30, 'failed'));
  notifications.push({ ...pushed(4, 5, 'failed'), event: null });
  const result = await system.reconcile({ source: azure });
  expect(result).toMatchObject({ outcome: 'passed', targets: 1, missing: 3, taken: 2, refused: 1 });
  expect(await keys(azure)).toEqual([`${SUBSCRIPTION}:1`, `${SUBSCRIPTION}:3`]);
  const [oldest] = await system.deliveries(azure);
  expect(oldest).toMatchObject({
    key: `${SUBSCRIPTION}:1`,
    eventName: 'git.push',
    events: [{ kind: 'push', branch: 'main', repository: { fullName: 'My Project/The Shop' } }],
  });
  const late = await fetch(`${system.receiver.url}/webhooks/${azure}`, {
    method: 'POST',
    body: JSON.stringify({ subscriptionId: SUBSCRIPTION, notificationId: 3, ...notifications[0]?.event }),
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`hookyard:${SECRET}`).toString('base64')}`,
    },
  });
  expect(await late.json()).toMatchObject({ duplicate: true });
  expect(await system.reconcile({ source: azure })).toMatchObject({ missing: 1, taken: 0, refused: 1 });
  expect(await system.runs(azure, 2)).toHaveLength(2);
});

test('what Azure DevOps gave up after hours is seen, and what it drops or does not list is told', async () => {
  receiving = late;
  notifications = [pushed(11, 14 * 60, 'pending')];
  expect(await system.reconcile({ source: late })).toMatchObject({ outcome: 'passed', missing: 0 });
  // Made 14 hours ago, and failed only now.
  notifications = [pushed(11, 14 * 60, 'failed')];
  expect(await system.reconcile({ source: late })).toMatchObject({ outcome: 'passed', missing: 1, taken: 1 });

  // Those that went well take no room from those that failed.
  const fine = Array.from({ length: MAX_NOTIFICATIONS }, (_, i) => ({
    ...pushed(2_000 - i, 5, 'succeeded'),
    event: null,
  }));
  notifications = [...fine, pushed(12, 10, 'failed'), ...notifications];
  expect(await system.reconcile({ source: late })).toMatchObject({ outcome: 'passed', missing: 1, taken: 1 });

  notifications = Array.from({ length: MAX_NOTIFICATIONS }, () => pushed(12, 10, 'failed'));
  status = 'onProbation';
  const result = await system.reconcile({ source: late });
  expect(result).toMatchObject({ outcome: 'failed', missing: 0 });
  expect(result.troubles).toEqual([
    expect.stringMatching(/probation.*drops new events/),
    expect.stringMatching(/older ones were not checked/),
  ]);
  // Older than what is looked at: nothing is hidden.
  notifications = notifications.map((one) => ({ ...one, createdDate: minutesAgo(17 * 60).toISOString() }));
  status = 'disabledByUser';
  expect(await system.reconcile({ source: late })).toMatchObject({ outcome: 'passed', troubles: [] });
});
