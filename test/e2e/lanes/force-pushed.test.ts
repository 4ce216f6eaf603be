import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runUrl } from '../../../src/runs/url.js';
import { pullRequestPayload } from '../../providers/github/pull-request.js';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import { sendPush } from '../../support/harness/send-push.js';
import { openStage, type Stage } from '../../support/harness/stage.js';

const SECRET = 'a secret of pull requests that are pushed again';
const UI = 'http://ui.example';

let stage: Stage;
let origin: TestRepository;

beforeAll(async () => {
  stage = await openStage({
    name: 'force-pushed',
    automations: { folder: fileURLToPath(new URL('force-pushed', import.meta.url)) },
    secret: SECRET,
    jobs: ({ folder }) => ({
      clone: `${folder}/repositories/{fullName}.git`,
      config: { jobs: { workspaces: join(folder, 'workspaces') } },
    }),
  });
  origin = await openRepository(stage.installation.folder);
});
afterAll(() => stage?.close());

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
  const { body: answer } = await sendPush(stage.receiver.url, {
    secret: SECRET,
    source: 'github',
    event: 'pull_request',
    body,
  });
  return { sha, run: answer.runs?.[0] ?? '' };
}

const statusesOf = (sha: string) => stage.github.statuses.filter((status) => status.sha === sha);
const linesOf = async (workflowId: string) =>
  (await stage.installation.store.logs.read({ workflowId, job: 'unit' }, { after: 0, limit: 100 })).map(
    ({ text }) => text,
  );

test('a pull request that is force-pushed during its build: the first run ends as cancelled and leads to the second, and nothing is left of it', async () => {
  const patiently = { timeout: 60_000, interval: 200 };
  const first = await pushed({ slow: '', 'a.txt': 'one' }, { action: 'opened', at: '2026-05-15T15:20:33Z' });
  await expect.poll(() => linesOf(first.run), patiently).toContainEqual(expect.stringMatching(/^process \d+$/));
  const pid = Number((await linesOf(first.run)).find((line) => line.startsWith('process '))?.slice(8));
  expect(isAlive(pid)).toBe(true);
  const second = await pushed({ 'a.txt': 'two' }, { action: 'synchronize', at: '2026-05-15T15:21:33Z' });

  const statusOf = async (run: string) => (await stage.client.workflow.getHandle(run).describe()).status.name;
  await expect.poll(() => statusOf(second.run).catch(() => 'not begun'), patiently).toBe('COMPLETED');
  const ended = await stage.client.workflow.getHandle(first.run).describe();
  expect(ended.status.name).toBe('CANCELLED');
  expect(ended.memo).toMatchObject({ cancelledBecause: `superseded by ${second.run}` });
  await expect.poll(() => statusesOf(first.sha).at(-1)?.state, patiently).toBe('error');
  expect(statusesOf(first.sha).at(-1)).toMatchObject({
    context: 'hookyard/built/unit',
    description: expect.stringContaining(`superseded by ${second.run.slice(0, 40)}`),
    target_url: runUrl(UI, { namespace: stage.client.options.namespace, workflowId: second.run }),
  });
  await expect.poll(() => statusesOf(second.sha).at(-1)?.state, patiently).toBe('success');
  expect(isAlive(pid)).toBe(false);
  const workspaces = async () =>
    (await readdir(join(stage.installation.folder, 'workspaces'))).filter((name) => !name.startsWith('kept-'));
  await expect.poll(workspaces, patiently).toEqual([]);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
