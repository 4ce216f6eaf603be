import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runUrl } from '../../../src/runs/url.js';
import { pullRequestPayload } from '../../providers/github/pull-request.js';
import { type FakeGithub, startFakeGithub } from '../../support/fake-github/github.js';
import { type Installation, openInstallation } from '../../support/harness/installation.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { type RunningReceiver, runReceiver } from '../../support/harness/running-receiver.js';
import { sendPush } from '../../support/harness/send-push.js';
import { runWorker, type TestWorker } from '../../support/harness/worker.js';
import { testClient } from '../../support/temporal.js';

const SECRET = 'a secret of pull requests that are pushed again';
const UI = 'http://ui.example';

let client: Awaited<ReturnType<typeof testClient>>;
let github: FakeGithub;
let installation: Installation;
let origin: TestRepository;
let receiver: RunningReceiver;
let worker: TestWorker;

beforeAll(async () => {
  client = await testClient();
  github = await startFakeGithub({ token: 'token' });
  installation = await openInstallation({
    name: 'force-pushed',
    automations: fileURLToPath(new URL('force-pushed', import.meta.url)),
    config: ({ folder }) => ({
      jobs: { workspaces: join(folder, 'workspaces') },
      sources: {
        github: {
          kind: 'github',
          secrets: [{ env: 'SECRET' }],
          api: { url: github.url, token: { env: 'TOKEN' } },
          clone: { url: `${folder}/repositories/{fullName}.git` },
        },
      },
    }),
    values: { SECRET, TOKEN: 'token' },
  });
  origin = await openRepository(installation.folder);
  receiver = await runReceiver(installation, client);
  worker = await runWorker(installation, { letOn: receiver.wake });
});
afterAll(async () => {
  await receiver?.close();
  await worker?.close();
  await installation?.close();
  await github?.close();
  await client?.close();
});

/** Commits on the pull request's branch, in place of what is there, and delivers it. Returns the commit and its run. */
async function pushed(files: Record<string, string>, { action, at }: { action: string; at: string }) {
  await origin.git('checkout', '--quiet', '--orphan', `at-${Date.now()}`);
  await origin.git('rm', '-rf', '--quiet', '--ignore-unmatch', '.');
  const sha = await origin.commit(files, 'feature/x');
  await origin.git('push', '--quiet', '--force', origin.bare, `${sha}:refs/pull/7/head`);
  const { pull_request, ...payload } = pullRequestPayload('same repository');
  const head = { ...pull_request.head, sha };
  const body = JSON.stringify({
    ...payload,
    action,
    pull_request: { ...pull_request, state: 'open', draft: false, head, updated_at: at },
  });
  const { body: answer } = await sendPush(receiver.url, {
    secret: SECRET,
    source: 'github',
    event: 'pull_request',
    body,
  });
  return { sha, run: answer.runs?.[0] ?? '' };
}

const statusesOf = (sha: string) => github.statuses.filter((status) => status.sha === sha);
const linesOf = async (workflowId: string) =>
  (await installation.store.logs.read({ workflowId, job: 'unit' }, { after: 0, limit: 100 })).map(({ text }) => text);

test('a pull request that is force-pushed during its build: the first run ends as cancelled and leads to the second, and nothing is left of it', async () => {
  const patiently = { timeout: 60_000, interval: 200 };
  const first = await pushed({ slow: '', 'a.txt': 'one' }, { action: 'opened', at: '2026-05-15T15:20:33Z' });
  await expect.poll(() => linesOf(first.run), patiently).toContainEqual(expect.stringMatching(/^process \d+$/));
  const pid = Number((await linesOf(first.run)).find((line) => line.startsWith('process '))?.slice(8));
  expect(isAlive(pid)).toBe(true);
  const second = await pushed({ 'a.txt': 'two' }, { action: 'synchronize', at: '2026-05-15T15:21:33Z' });

  const statusOf = async (run: string) => (await client.workflow.getHandle(run).describe()).status.name;
  await expect.poll(() => statusOf(second.run).catch(() => 'not begun'), patiently).toBe('COMPLETED');
  const ended = await client.workflow.getHandle(first.run).describe();
  expect(ended.status.name).toBe('CANCELLED');
  expect(ended.memo).toMatchObject({ cancelledBecause: `superseded by ${second.run}` });
  await expect.poll(() => statusesOf(first.sha).at(-1)?.state, patiently).toBe('error');
  expect(statusesOf(first.sha).at(-1)).toMatchObject({
    context: 'hookyard/built/unit',
    description: expect.stringContaining(`superseded by ${second.run.slice(0, 40)}`),
    target_url: runUrl(UI, { namespace: client.options.namespace, workflowId: second.run }),
  });
  await expect.poll(() => statusesOf(second.sha).at(-1)?.state, patiently).toBe('success');
  expect(isAlive(pid)).toBe(false);
  const workspaces = async () =>
    (await readdir(join(installation.folder, 'workspaces'))).filter((name) => !name.startsWith('kept-'));
  await expect.poll(workspaces, patiently).toEqual([]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
