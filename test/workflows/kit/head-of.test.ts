import { beforeAll, expect, test } from 'vitest';
import { openRepository, type TestRepository } from '../../support/harness/repository.js';
import {
  api,
  client,
  deliver,
  fork,
  head,
  hub,
  installation,
  noted,
  PATIENTLY,
  resultOf,
  runOf,
  say,
  started,
  stateOf,
  useGated,
  visible,
  waiting,
} from '../gated.js';

useGated('test/workflows/kit/heads');

let repository: TestRepository;
/** A commit of a branch, and the one that it has by now. */
let older = '';
let newer = '';
let tagged = '';
/** Where GitHub keeps the head of the pull request, a fork's too. */
const PULL = 'refs/pull/7/head';
/** A commit that only a fork has: the provider serves it under the repository's own name. */
let strange = '';

beforeAll(async () => {
  repository = await openRepository(installation.folder);
  older = await repository.commit({ a: '1' }, 'more');
  newer = await repository.commit({ a: '2' }, 'more');
  await repository.git('tag', '--annotate', '--message=one', 'v1', older);
  await repository.git('push', '--quiet', repository.bare, 'refs/tags/v1', `${newer}:refs/pull/7/head`);
  tagged = older;
  strange = await strangersCommit('theirs');
});

/** Makes a commit that no branch and no tag has. */
async function strangersCommit(text: string): Promise<string> {
  await repository.git('checkout', '--quiet', '--detach', older);
  await repository.git('commit', '--quiet', '--allow-empty', `--message=${text}`);
  const made = await repository.git('rev-parse', 'HEAD');
  await repository.git('push', '--quiet', '--force', repository.bare, `HEAD:refs/pull/7/head`);
  await repository.git('checkout', '--quiet', 'main');
  return made;
}

const outputOf = async (workflowId: string, job: string) =>
  (await installation.store.logs.read({ workflowId, job }, { after: 0, limit: 100 }))
    .filter(({ stream }) => stream === 'stdout')
    .map(({ text }) => text);

const ownHead = (sha: string) => {
  hub.head = { sha, repository: 'acme/app' };
};
const forksHead = (sha: string) => {
  hub.head = { sha, repository: fork.full_name };
};

test('a command in a comment builds the head of its pull request', async () => {
  ownHead(newer);
  const run = runOf(await say('/deploy staging'), 'deploys');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await outputOf(run, 'deploy')).toEqual([newer, PULL, 'to staging']);
  expect(hub.statuses.filter(({ context }) => context === 'hookyard/deploys/deploy')).toContainEqual(
    expect.objectContaining({ sha: newer, state: 'success' }),
  );
  const after = run.replace('deploys/', 'afterDeploys/after-deploys/');
  expect(await resultOf(after)).toMatchObject({ outcome: 'passed' });
  expect(await outputOf(after, 'after')).toEqual([newer, PULL]);
});

test('what a run builds is fixed once it has asked: a commit that comes later is for later runs', async () => {
  ownHead(older);
  const run = runOf(await say('/twice'), 'twice');
  await started(run);
  await expect.poll(() => outputOf(run, 'first'), PATIENTLY).toEqual([older, PULL]);
  ownHead(newer);
  await client.workflow.getHandle(run).signal('go-on');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await outputOf(run, 'second')).toEqual([older, PULL]);
  expect(await outputOf(run, 'third')).toEqual([older, PULL]);
});

test("a command on a fork's pull request waits for the approval of that very commit, and of the one that came meanwhile", async () => {
  const first = await strangersCommit('first');
  forksHead(first);
  const run = runOf(await say('/deploy staging'), 'deploys');
  await visible(run, first);
  const second = await strangersCommit('second');
  forksHead(second);
  await resultOf(runOf(await say('/approve deploys'), 'hookyardCommands'));
  await visible(run, second);
  expect(await outputOf(run, 'deploy')).toEqual([]);
  await resultOf(runOf(await say('/approve deploys'), 'hookyardCommands'));
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await outputOf(run, 'deploy')).toEqual([second, PULL, 'to staging']);
});

test("a command on a fork's pull request that is rejected runs nothing, and says why", async () => {
  const theirs = await strangersCommit('bad');
  forksHead(theirs);
  const run = runOf(await say('/deploy staging'), 'deploys');
  await visible(run, theirs);
  await resultOf(runOf(await say('/reject deploys steals secrets'), 'hookyardCommands'));
  await expect(resultOf(run)).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/^the head of pull request #7 is not built: .*steals secrets/) },
  });
  expect(await outputOf(run, 'deploy')).toEqual([]);
});

const sender = { login: 'ada', id: 7, type: 'User' };
const shapes: Readonly<Record<string, (sha: string) => readonly [string, object]>> = {
  'a comment on a commit': (sha) => [
    'commit_comment',
    {
      action: 'created',
      comment: { id: 9, body: 'x', commit_id: sha, user: sender, created_at: '2026-11-24T08:00:00Z', html_url: 'x' },
      sender,
    },
  ],
  'a status': (sha) => ['status', { sha, state: 'success', context: 'ci/other', branches: [{ name: 'more' }], sender }],
  'a check of a workflow run': (sha) => [
    'workflow_run',
    {
      action: 'completed',
      workflow_run: {
        ...{ name: 'x', head_sha: sha, head_branch: 'more', status: 'completed', conclusion: 'success' },
        head_repository: { id: 1 },
      },
      sender,
    },
  ],
  'a deployment of a branch': (sha) => [
    'deployment',
    { deployment: { id: 3, sha, ref: 'more', environment: 'production' }, sender },
  ],
  'a deployment of a commit': (sha) => [
    'deployment',
    { deployment: { id: 4, sha, ref: sha, environment: 'production' }, sender },
  ],
  'a deployment of the merge of a pull request': (sha) => [
    'deployment',
    { deployment: { id: 5, sha, ref: 'refs/pull/7/merge', environment: 'production' }, sender },
  ],
};

test.each(Object.keys(shapes))('%s leads to its commit, the newest of a branch or an older one', async (shape) => {
  for (const sha of [newer, older]) {
    const [event, payload] = shapes[shape]?.(sha) ?? ['', {}];
    const run = runOf(await deliver(event, payload), 'builds');
    expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
    const [built, ref] = await outputOf(run, 'build');
    expect([built, ref]).toEqual([sha, expect.stringMatching(/^refs\/(heads|tags)\/./)]);
  }
});

test.each(Object.keys(shapes))(
  '%s that leads to a commit which nothing of the repository has starts no code',
  async (shape) => {
    const [event, payload] = shapes[shape]?.(strange) ?? ['', {}];
    const run = runOf(await deliver(event, payload), 'builds');
    await expect(resultOf(run)).rejects.toMatchObject({
      cause: {
        cause: { message: expect.stringMatching(/is in no branch or tag of acme\/app: it may be a stranger's/) },
      },
    });
    expect(await outputOf(run, 'build')).toEqual([]);
    expect(hub.statuses.some((one) => one.sha === strange && one.context.startsWith('hookyard/builds'))).toBe(false);
  },
);

test("a review of a fork's pull request by somebody who may do nothing starts no code", async () => {
  const theirs = await strangersCommit('reviewed');
  forksHead(theirs);
  const answer = await deliver('pull_request_review', {
    action: 'submitted',
    review: { id: 1, state: 'approved', user: { login: 'eve' }, commit_id: theirs, html_url: 'x', body: 'fine' },
    pull_request: { number: 7, title: 'x', state: 'open', html_url: 'x', user: { login: 'eve' } },
    sender: { login: 'eve', id: 5, type: 'User' },
  });
  const run = runOf(answer, 'builds');
  await waiting(run, theirs);
  await expect.poll(stateOf('hookyard/approval/builds', theirs), PATIENTLY).toBe('pending');
  expect(await outputOf(run, 'build')).toEqual([]);
  await client.workflow.getHandle(run).cancel();
});

test('a release leads to the commit of its tag, and one whose tag is gone says so', async () => {
  const published = (tag: string) =>
    deliver('release', { action: 'published', release: { tag_name: tag, html_url: 'http://hub/r' }, sender });
  const run = runOf(await published('v1'), 'builds');
  expect(await resultOf(run)).toMatchObject({ outcome: 'passed' });
  expect(await outputOf(run, 'build')).toEqual([tagged, 'refs/tags/v1']);
  const gone = runOf(await published('v9'), 'builds');
  await expect(resultOf(gone)).rejects.toMatchObject({ cause: { cause: { message: 'acme/app has no tag "v9"' } } });
});

test('what an event that somebody has edited leads to is marked as the event is, and what was received leads to is not', async () => {
  for (const shape of ['a deployment of a branch', 'a deployment of a commit']) {
    const [event, payload] = shapes[shape]?.(newer) ?? ['', {}];
    const { deployment } = payload as { deployment: object };
    const answer = await deliver(event, { ...payload, deployment: { ...deployment, environment: 'marked' } });
    await resultOf(runOf(answer, 'marks'));
    expect((await noted(`marked ${answer.delivery}`))?.data).toEqual({ kind: 'branch_head' });
    const text = (await installation.store.inbox.body(answer.delivery))?.toString() ?? '';
    const edit = { payload: text.replace('"nonce":"', '"nonce":"edited ') };
    const { status, body } = await api(`deliveries/${answer.delivery}/start`, edit);
    expect(status).toBe(200);
    await resultOf([...(body.runs ?? [])].find((run) => run.startsWith('marks/')) ?? '');
    expect((await noted(`marked ${body.delivery}`))?.data).toEqual({
      kind: 'branch_head',
      edited: { from: answer.delivery, by: expect.any(String) },
    });
  }
});

test('a comment on an issue leads to no commit, and the run says so', async () => {
  const answer = await deliver('issue_comment', {
    action: 'created',
    issue: { number: 8, title: 't', state: 'open', user: { login: 'ada' } },
    comment: { id: 1, body: 'x', user: sender, created_at: '2026-11-24T08:00:00Z', html_url: 'x' },
    sender,
  });
  await expect(resultOf(runOf(answer, 'builds'))).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/^runJob\(\): a comment on an issue leads to no commit/) },
  });
});

test('a run by hand builds the branch or the tag that it names', async () => {
  for (const [ref, kind, whole, sha] of [
    ['main', 'branch_head', 'refs/heads/main', head],
    ['v1', 'tag_head', 'refs/tags/v1', tagged],
    ['refs/heads/more', 'branch_head', 'refs/heads/more', newer],
  ]) {
    const { body } = await api('automations/byHand/runs', { inputs: { ref } });
    expect(await resultOf(body.run ?? '')).toMatchObject({ outcome: 'passed' });
    expect(await outputOf(body.run ?? '', 'ship')).toEqual([sha, whole]);
    expect((await noted(`by hand ${body.delivery}`))?.data).toEqual({ kind, ref: whole });
  }
  const { body } = await api('automations/byHand/runs', { inputs: { ref: strange } });
  await expect(resultOf(body.run ?? '')).rejects.toMatchObject({
    cause: { cause: { message: expect.stringContaining('a commit by its name alone may be of a fork') } },
  });
});
