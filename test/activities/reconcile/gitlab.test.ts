import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type LocalServer, type Received, startServer } from '../../support/harness/http-server.js';
import { unique } from '../../support/temporal.js';
import { openSystem, type System } from './system.js';

const TOKEN = 'canary-forge-token';
const SECRET = 'a webhook secret for tests';
const lab = unique('lab');
let system: System;
let gitlab: LocalServer;

beforeAll(async () => {
  gitlab = await startServer(answerGitlab);
  system = await openSystem({
    values: { SECRET, TOKEN },
    config: (receiver) => ({
      server: { publicUrl: receiver },
      sources: {
        [lab]: {
          kind: 'gitlab',
          secrets: [{ env: 'SECRET' }],
          reconcile: { callsPerMinute: 6_000 },
          api: { url: gitlab.url, token: { env: 'TOKEN' } },
        },
      },
    }),
  });
});
afterAll(async () => {
  await system?.close();
  await gitlab?.close();
});
afterEach(() => system.receiver.up());

const keys = async (source: string) => (await system.deliveries(source)).map(({ key }) => key).sort();
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const sha = () => randomUUID().replaceAll('-', '').padEnd(40, '0');

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
});
