import { createHmac, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { type FakeGithub, startFakeGithub } from '../support/fake-github/github.js';
import { closers } from '../support/harness/closers.js';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { type Installation, openInstallation } from '../support/harness/installation.js';
import { pullRequestPayload, pushPayload } from '../support/harness/payloads.js';
import { makeRepository } from '../support/harness/repository.js';
import { runReceiver } from '../support/harness/running-receiver.js';
import { runWorker } from '../support/harness/worker.js';
import { testClient, unique } from '../support/temporal.js';

const TOKEN = 'canary-github-token';
const HOOK = 'a webhook secret';
const repository = { id: 1, full_name: 'acme/app', html_url: 'http://hub/acme/app', private: false };
export const own = { id: 1, full_name: 'acme/app' };

export const fork = { id: 2, full_name: 'eve/app' };
export const PATIENTLY = { timeout: 30_000 };

/** Made once for a file's tests. */
export let installation: Installation;
export let client: Awaited<ReturnType<typeof testClient>>;
export let hub: FakeGithub;
export let slack: LocalServer;
/** The commit that the repository `acme/app` has on `main`. */
export let head = '';
/** Of one test: the commit that its events tell of, and the source that sends them. */
export let sha = '';
let source = '';

/**
 * Sets up GitHub with pull request 7, a receiver and a worker with the automations of a folder, `gated/` by default, for the tests
 * of a file. What the Slack channel `ops` is sent is in {@link slack}.
 */
export function useGated(automations = 'test/workflows/gated'): void {
  const { add, close } = closers();
  // One for each test: GitHub is written to once a second, and tests need not wait for each other's turns.
  const sources = Array.from({ length: 30 }, () => unique('hub'));
  beforeAll(async () => {
    client = add(await testClient());
    hub = add(await startFakeGithub({ token: TOKEN, base: /^\/at-[^/]+(?=\/)/ }));
    slack = add(await startServer(() => ({ status: 200, body: 'ok' })));
    installation = add(
      await openInstallation({
        name: 'gated',
        automations: join(packageRoot, automations),
        values: {
          HOOK,
          TOKEN,
          SLACK: slack.url,
          HOOKYARD_API_TOKEN: 'api token',
          HOOKYARD_CALLBACK_KEY: 'k'.repeat(43),
        },
        config: ({ folder, receiver }) => ({
          server: { publicUrl: receiver },
          channels: { slack: { ops: { url: { env: 'SLACK' } } } },
          sources: Object.fromEntries(
            ['github', ...sources].map((name) => [
              name,
              {
                kind: 'github' as const,
                secrets: [{ env: 'HOOK' }],
                api: { url: `${hub.url}/at-${name}`, token: { env: 'TOKEN' }, account: 'hookyard-bot' },
                clone: { url: `${folder}/repositories/{fullName}.git` },
              },
            ]),
          ),
        }),
      }),
    );
    head = await makeRepository(installation.folder);
    add(await runWorker(installation));
    add(await runReceiver(installation, client));
  });
  afterAll(close);
  beforeEach(() => {
    source = sources.pop() ?? '';
    sha = randomUUID().replaceAll('-', '').padEnd(40, '0');
    hub.head = { sha, repository: 'acme/app' };
    hub.files = [{ filename: 'src/cart.ts', status: 'modified' }];
    hub.away = false;
    Object.assign(hub.permissions, { ada: 'write', root: 'admin', eve: 'read' });
  });
}

/** Has this test's events tell of another commit from now on. */
export function pushNewerCommit(): void {
  sha = sha.replace(/^./, (digit) => (digit === 'a' ? 'b' : 'a'));
}

export interface Answer {
  readonly delivery: string;
  readonly verdicts: readonly { automation: string; outcome: string; because: string; run?: string }[];
  readonly runs: readonly string[];
}

/** Sends a webhook of this test's source, signed; it is taken. */
export async function deliver(event: string, payload: object): Promise<Answer> {
  const body = JSON.stringify({ ...payload, repository, nonce: randomUUID() });
  const answer = await fetch(`${installation.address.url}/webhooks/${source}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', HOOK).update(body).digest('hex')}`,
    },
  });
  expect(answer.status).toBe(202);
  return (await answer.json()) as Answer;
}

/** Sends an event of pull request 7, whose head is the commit of this test. */
export const pull = (change: object = {}, head: object = own, base = 'main') =>
  deliver(
    'pull_request',
    pullRequestPayload(change as never, {
      base: { ref: base, sha: 'b'.repeat(40), repo: own },
      head: { ref: 'more', sha, repo: head },
      ...('title' in change ? { title: change.title } : {}),
    }),
  );
/** The id of the newest comment that was sent. */
export let lastComment = 100;
/** Sends a push of this test's commit. */
export const push = (branch: string, { login = 'ada', message = 'Sell more' } = {}) =>
  deliver(
    'push',
    pushPayload({
      ref: `refs/heads/${branch}`,
      after: sha,
      head_commit: { id: sha, message, author: { name: 'Ada', username: login } },
      commits: [],
      sender: { login, id: hub.ids[login] ?? 5, type: 'User' },
    }),
  );
/** Sends a comment on pull request 7. It was written after some minutes of reading, unless it is said otherwise. */
export const say = (body: string, login = 'ada', createdAt = new Date(Date.now() + 300_000)) => {
  lastComment += 1;
  return deliver('issue_comment', {
    action: 'created',
    issue: { number: 7, title: 'Sell even more', state: 'open', pull_request: { url: 'x' }, user: { login: 'ada' } },
    comment: {
      id: lastComment,
      body,
      user: { login, type: 'User' },
      created_at: createdAt.toISOString(),
      html_url: 'http://hub/c',
    },
    sender: { login, id: hub.ids[login.toLowerCase()] ?? 5, type: 'User' },
  });
};

/** Returns the workflow id of the run that an answer names for an automation. */
export const runOf = ({ verdicts }: Answer, automation: string) =>
  verdicts.find((verdict) => verdict.automation === automation)?.run ?? '';
/** Returns what was decided for an automation. An answer names only some of those that a filter refused. */
export const verdictOf = async ({ delivery }: Answer, automation: string) =>
  (await installation.store.inbox.find(delivery))?.verdicts.find((verdict) => verdict.automation === automation);
/** Waits until a run exists: the dispatcher starts it after the delivery is answered. */
export const started = (workflowId: string) =>
  expect
    .poll(
      () =>
        client.workflow
          .getHandle(workflowId)
          .describe()
          .then(
            () => 'started',
            () => 'not yet',
          ),
      { timeout: 20_000 },
    )
    .toBe('started');
/** Waits for the end of a run, and returns its result. */
export const resultOf = async (workflowId: string) => {
  await started(workflowId);
  return client.workflow.getHandle(workflowId).result() as Promise<{ outcome: string }>;
};
/** Returns what an automation has written down under a key. */
export const noted = (key: string) => installation.store.records.get('notes', key);
/** Returns the statuses of this test's commit, or of another, newest first. */
export const statuses = (of = sha) => hub.statuses.filter((status) => status.sha === of).reverse();
/** Returns a question for the newest state of a context, to be polled. */
export const stateOf = (context: string, of?: string) => () =>
  statuses(of).find((status) => status.context === context)?.state;
/** Waits until a run waits for an approval of this test's commit, or of another. */
export const waiting = async (workflowId: string, of = sha) => {
  await started(workflowId);
  await expect
    .poll(async () => (await client.workflow.getHandle(workflowId).describe()).memo?.waitsForApproval, {
      timeout: 20_000,
    })
    .toMatchObject({ sha: of });
};
/** Waits until a run that waits for approval can be found by a query. */
export const visible = (workflowId: string, of = sha) =>
  expect
    .poll(
      async () => {
        for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) return run.memo;
        return undefined;
      },
      { timeout: 20_000 },
    )
    .toMatchObject({ waitsForApproval: { sha: of } });
/** Calls the receiver's API as an operator. */
export const api = async (path: string, body?: object) => {
  const answer = await fetch(`${installation.address.url}/api/${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer api token', 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
};
