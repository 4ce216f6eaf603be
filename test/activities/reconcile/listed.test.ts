import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { type LocalServer, type Received, startServer } from '../../support/harness/http-server.js';
import { pushPayload } from '../../support/harness/payloads.js';
import { unique } from '../../support/temporal.js';
import { openSystem, type System } from './system.js';

const TOKEN = 'canary-forge-token';
const SECRET = 'a webhook secret for tests';
const SUBSCRIPTION = 'd21a27a6-3b89-45fb-9af9-0fe220348c1d';
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

const [app, lab, azure, late] = [unique('app'), unique('lab'), unique('azure'), unique('late')];
let system: System;
let hub: FakeGithub;
let gitlab: LocalServer;
let devops: LocalServer;

beforeAll(async () => {
  // Only the app itself, by its own signature, may ask for its hook.
  hub = await startFakeGithub({ app: { id: '4711', publicKey, installationToken: 'none' }, secret: SECRET });
  gitlab = await startServer(answerGitlab);
  devops = await startServer(answerAzure);
  const shared = { secrets: [{ env: 'SECRET' }], reconcile: { callsPerMinute: 6_000 } };
  system = await openSystem({
    values: { SECRET, TOKEN, KEY: privateKey },
    config: (receiver) => ({
      server: { publicUrl: receiver },
      sources: {
        [app]: { ...shared, kind: 'github', api: { url: hub.url, app: { id: 4711, privateKey: { env: 'KEY' } } } },
        [lab]: { ...shared, kind: 'gitlab', api: { url: gitlab.url, token: { env: 'TOKEN' } } },
        ...Object.fromEntries(
          [azure, late].map((name) => [
            name,
            {
              ...shared,
              kind: 'azure-devops' as const,
              url: 'https://dev.azure.example/acme',
              api: { url: devops.url, token: { env: 'TOKEN' } },
            },
          ]),
        ),
      },
    }),
  });
});
afterAll(async () => {
  await system?.close();
  await hub?.close();
  await gitlab?.close();
  await devops?.close();
});
afterEach(() => system.receiver.up());

const keys = async (source: string) => (await system.deliveries(source)).map(({ key }) => key).sort();
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

// ── GitHub App ───────────────────────────────────────────────────────────────────────────────────────────────────

test("a GitHub App's own hook is looked at, whichever repository its deliveries tell of", async () => {
  const hook = hub.addHook('/app/hook', `${system.receiver.url}/webhooks/${app}`);
  const tell = (minutes: number) => hook.deliver('push', pushPayload({ after: sha() }), minutesAgo(minutes));
  const guids = [await tell(50)];
  await system.receiver.down();
  guids.push(await tell(40), await tell(30));
  await system.receiver.up();
  const found = { outcome: 'passed', targets: 1, missing: 2, redelivered: 2, troubles: [] };
  expect(await system.reconcile({ source: app })).toMatchObject(found);
  expect(await keys(app)).toEqual([...guids].sort());
  expect(await system.reconcile({ source: app })).toMatchObject({ missing: 0, redelivered: 0 });
});

const sha = () => randomUUID().replaceAll('-', '').padEnd(40, '0');

// ── GitLab ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface LabEvent {
  readonly id: number;
  readonly created_at: string;
  readonly trigger: string;
  readonly request_headers: Record<string, string>;
  readonly request_data: object;
  readonly response_status: string;
}

let labHook = { alert_status: 'executable', disabled_until: null as string | null };
/** Newest first. */
const labEvents: LabEvent[] = [];

async function sendFromLab(key: string, data: object, at: Date): Promise<LabEvent> {
  const headers = { 'content-type': 'application/json', 'x-gitlab-event': 'Push Hook', 'idempotency-key': key };
  const status = await fetch(`${system.receiver.url}/webhooks/${lab}`, {
    method: 'POST',
    body: JSON.stringify(data),
    headers: { ...headers, 'x-gitlab-token': SECRET },
  }).then(
    (answer) => String(answer.status),
    () => 'internal error',
  );
  const shown = { 'X-Gitlab-Event': 'Push Hook', 'Idempotency-Key': key, 'X-Gitlab-Token': '[REDACTED]' };
  const event: LabEvent = {
    id: 100 + labEvents.length,
    created_at: at.toISOString(),
    trigger: 'push_hooks',
    request_headers: shown,
    request_data: data,
    response_status: status,
  };
  labEvents.unshift(event);
  return event;
}

/** As https://docs.gitlab.com/api/project_webhooks/ has it; pages of two, whatever is asked for. */
async function answerGitlab({ method, path, query, headers }: Received) {
  if (headers['private-token'] !== TOKEN) return { status: 401 };
  const hooks = '/api/v4/projects/acme/team/shop/hooks';
  if (method === 'GET' && path === hooks)
    return {
      status: 200,
      body: [{ id: 7, url: `${system.receiver.url}/webhooks/${lab}`, push_events: true, ...labHook }],
    };
  if (method === 'GET' && path === `${hooks}/7/events`) {
    const page = Number(query.get('page'));
    const next = labEvents.length > page * 2 ? String(page + 1) : '';
    return { status: 200, body: labEvents.slice((page - 1) * 2, page * 2), headers: { 'x-next-page': next } };
  }
  const id = Number(new RegExp(`^POST ${hooks}/7/events/(\\d+)/resend$`).exec(`${method} ${path}`)?.[1]);
  const old = labEvents.find((event) => event.id === id);
  if (!old) return { status: 404 };
  const again = await sendFromLab(old.request_headers['Idempotency-Key'] ?? '', old.request_data, new Date());
  return { status: 201, body: { response_status: Number(again.response_status) } };
}

test('what GitLab could not deliver is sent again, though each resend moves the pages', async () => {
  const project = {
    id: 2,
    path_with_namespace: 'acme/team/shop',
    web_url: 'https://lab.example/acme/team/shop',
    default_branch: 'main',
    visibility_level: 0,
  };
  const tell = async (minutes: number) => {
    const [key, after] = [randomUUID(), sha()];
    const commits = [
      { id: after, message: 'x', url: 'http://x', author: { name: 'A' }, added: [], modified: [], removed: [] },
    ];
    const data = { ref: 'refs/heads/main', before: sha(), after, user_username: 'ada', project, commits };
    await sendFromLab(key, { ...data, total_commits_count: 1 }, minutesAgo(minutes));
    return key;
  };
  const all = [await tell(50), await tell(45)];
  await system.receiver.down();
  all.push(await tell(40), await tell(35));
  await system.receiver.up();
  all.push(await tell(30));
  const since = minutesAgo(55).toISOString();
  const result = await system.reconcile({ source: lab, since });
  expect(result).toMatchObject({ outcome: 'passed', targets: 1, missing: 2, redelivered: 2, troubles: [] });
  expect(await keys(lab)).toEqual([...all].sort());
  expect(labEvents).toHaveLength(7);
  expect(await system.reconcile({ source: lab })).toMatchObject({ missing: 0, redelivered: 0 });
  expect(await system.runs(lab, 5)).toHaveLength(5);
  // What happens while the hook is disabled GitLab neither sends nor lists.
  labHook = { alert_status: 'temporarily_disabled', disabled_until: '2026-03-01T10:00:00Z' };
  const dropped = await system.reconcile({ source: lab });
  expect(dropped).toMatchObject({ outcome: 'failed', missing: 0 });
  expect(dropped.troubles).toEqual([expect.stringMatching(/hook 7: GitLab sends nothing until 2026-03-01T10:00:00Z/)]);
}, 90_000);

// ── Azure DevOps ─────────────────────────────────────────────────────────────────────────────────────────────────

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
}, 60_000);
