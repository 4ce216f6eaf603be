import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HookyardEvent } from '../../../src/events/event.js';
import { packageRoot } from '../../../src/paths.js';
import { changes } from '../../support/harness/changes.js';
import { closers } from '../../support/harness/closers.js';
import { type LocalServer, type Received, type Reply, startServer } from '../../support/harness/http-server.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { runWorker, type TestWorker } from '../../support/harness/worker.js';
import { testClient, unique } from '../../support/temporal.js';
import { pullRequestEvent, pushEvent } from '../../triggers/sample-events.js';

const TOKEN = 'canary-api-token';

/** How each provider is told of a commit status, by its documentation. */
const STATUSES = {
  github: {
    path: '/repos/acme/app/statuses/',
    auth: 'token',
    name: 'context',
    states: ['pending', 'success', 'failure', 'error'],
  },
  gitlab: {
    path: '/api/v4/projects/acme/app/statuses/',
    auth: 'private-token',
    name: 'name',
    states: ['pending', 'success', 'failed'],
  },
  gitea: {
    path: '/api/v1/repos/acme/app/statuses/',
    auth: 'token',
    name: 'context',
    states: ['pending', 'success', 'failure', 'error'],
  },
  'bitbucket-cloud': {
    path: '/2.0/repositories/acme/app/commit/',
    auth: 'Bearer',
    name: 'name',
    states: ['INPROGRESS', 'SUCCESSFUL', 'FAILED'],
  },
} as const;
type Kind = keyof typeof STATUSES;
const KINDS = Object.keys(STATUSES) as Kind[];
const RED = { github: 'failure', gitlab: 'failed', gitea: 'failure', 'bitbucket-cloud': 'FAILED' } as const;

const { add, close } = closers();
const providers = new Map<Kind, LocalServer>();
/** What pull request 7 at Gitea says. */
const comments: { id: number; body: string; user: { login: string } }[] = [];
let installation: Installation;
let client: Awaited<ReturnType<typeof testClient>>;
let worker: TestWorker;
let repository: TestRepository;
let sha: string;

/** Takes statuses and, at Gitea, comments, from whoever has the token. */
function answer(kind: Kind, { method, path, headers, body }: Received): Reply {
  const { path: statuses, auth, states } = STATUSES[kind];
  const given = auth === 'private-token' ? headers['private-token'] : headers.authorization?.split(' ')[1];
  if (given !== TOKEN) return { status: 401, body: { message: 'who are you?' } };
  const sent = body as Readonly<Record<string, string>>;
  if (method === 'POST' && path.startsWith(statuses)) {
    const isRight = path.includes(sha) && (states as readonly string[]).includes(sent.state ?? '') && sent.description;
    return isRight ? { status: 201, body: { id: 1 } } : { status: 422, body: { message: 'not a status' } };
  }
  const listed = '/api/v1/repos/acme/app/issues/7/comments';
  if (kind !== 'gitea') return { status: 404, body: {} };
  if (path === '/api/v1/user') return { status: 200, body: { login: 'hooky' } };
  if (path === listed && method === 'GET') return { status: 200, body: comments };
  if (path === listed && method === 'POST') {
    comments.push({ id: comments.length + 1, body: sent.body ?? '', user: { login: 'hooky' } });
    return { status: 201, body: comments.at(-1) ?? {} };
  }
  const edited = comments.find(({ id }) => path === `/api/v1/repos/acme/app/issues/comments/${id}`);
  if (!edited || method !== 'PATCH') return { status: 404, body: {} };
  return { status: 200, body: Object.assign(edited, { body: sent.body }) };
}

beforeAll(async () => {
  client = add(await testClient());
  for (const kind of KINDS) providers.set(kind, add(await startServer((request) => answer(kind, request))));
  const urlOf = (kind: Kind) => providers.get(kind)?.url ?? '';
  installation = add(
    await openInstallation({
      name: 'early-red',
      automations: join(packageRoot, 'test/workflows/kit/early-red'),
      config: ({ folder }) => {
        const common = { secrets: [{ env: 'HOOK' }], clone: { url: `${folder}/repositories/{fullName}.git` } };
        const token = { env: 'TOKEN' };
        return {
          sources: {
            github: { ...common, kind: 'github', api: { url: urlOf('github'), token } },
            gitlab: { ...common, kind: 'gitlab', url: urlOf('gitlab'), api: { token, account: 'hooky' } },
            gitea: { ...common, kind: 'gitea', url: urlOf('gitea'), api: { token } },
            'bitbucket-cloud': {
              ...common,
              kind: 'bitbucket-cloud',
              api: { url: `${urlOf('bitbucket-cloud')}/2.0`, token },
            },
          },
        };
      },
      values: { HOOK: 'a secret of sixteen characters', TOKEN },
    }),
  );
  repository = await openRepository(installation.folder);
  sha = await repository.commit({ 'word.txt': 'one\ntwo\n' }, 'main');
  worker = await runWorker(installation);
});
afterAll(async () => {
  await worker?.close();
  await close();
});

const REPOSITORY = { id: '1', fullName: 'acme/app', url: 'https://code.example/acme/app', private: false };

function start(automation: string, event: HookyardEvent) {
  const workflowId = unique(automation);
  return client.workflow.start(automation, { workflowId, taskQueue: installation.taskQueue, args: [event] });
}

/** Returns what a provider was told of a job's commit status, without repeats. */
const told = (kind: Kind, context: string) =>
  changes(
    (providers.get(kind)?.received ?? [])
      .filter(({ method, path }) => method === 'POST' && path.startsWith(STATUSES[kind].path))
      .map(({ body }) => body as Readonly<Record<string, string>>)
      .filter((body) => body[STATUSES[kind].name] === context)
      .map(({ state, description }) => `${state}: ${description}`),
  );

const CASES = KINDS.flatMap((kind) => [
  ['its output', kind, 'fromOutput'] as const,
  ['a report of JUnit XML', kind, 'fromReport'] as const,
]);

test.each(CASES)(
  'the first failing test of %s turns the status red at %s while the job still runs, for good',
  async (_, kind, automation) => {
    const go = join(installation.folder, unique('go'));
    const event = pushEvent({ source: kind, repository: REPOSITORY, commit: { sha, message: go } });
    const run = await start(automation, event);
    const statuses = () => told(kind, `hookyard/${automation}/unit`);
    await expect.poll(statuses, { timeout: 30_000 }).toContain(`${RED[kind]}: test "adds" failed`);
    expect((await run.describe()).status.name).toBe('RUNNING');
    await writeFile(go, '');
    expect(await run.result()).toMatchObject({ outcome: 'failed' });
    const since = statuses().slice(statuses().indexOf(`${RED[kind]}: test "adds" failed`));
    expect(since.filter((status) => !status.startsWith(RED[kind]))).toEqual([]);
  },
);

test('where a provider has no place at the lines, problems are one comment on the pull request, which says so once they are gone', async () => {
  const go = join(installation.folder, unique('go'));
  const event = pullRequestEvent(
    { source: 'gitea', repository: REPOSITORY, commit: { sha, message: go } },
    { head: { ref: 'main', sha, repository: 'acme/app' } as never },
  );
  await repository.git('push', '--quiet', repository.bare, `${sha}:refs/pull/7/head`);
  expect(await (await start('onPullRequest', event)).result()).toMatchObject({ outcome: 'failed' });
  await expect.poll(() => comments.map(({ body }) => body)).toEqual([expect.stringContaining('❌ `word.txt:2`')]);
  expect(comments[0]?.body).toContain('&lt;b&gt;broken&lt;/b&gt;');
  await writeFile(go, '');
  await (await start('onPullRequest', event)).result();
  await expect
    .poll(() => comments.map(({ body }) => body))
    .toEqual([expect.stringContaining('`hookyard/onPullRequest/unit`: no problems any more')]);
});

test('a version that a step has printed names the release', async () => {
  const event = pushEvent({ repository: REPOSITORY, commit: { sha, message: repository.bare } });
  await (await start('released', event)).result();
  expect(await repository.git('ls-remote', '--tags', repository.bare)).toBe(`${sha}\trefs/tags/v1.2.3`);
});
