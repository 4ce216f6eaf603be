import type { Fixture } from '../conformance.js';

const SHA = '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c';
const OLD = '9353195a19e45482665306e466c832c46560532d';
const NONE = '0'.repeat(40);
const PAGE = 'https://dev.azure.example/acme/My%20Project/_git/The%20Shop';

const repository = {
  id: '98f0ce59-a912-43d5-96d2-bc0942a03f7b',
  name: 'The Shop',
  defaultBranch: 'refs/heads/main',
  project: { id: '068d2409-14eb-4d8a-88bf-c8a9e7f5b4e2', name: 'My Project', visibility: 'private' },
  remoteUrl: 'https://elsewhere.example/never/_git/used',
};
const ada = { id: '107e08c7-2725-675e-a1b0-281729035ea6', displayName: 'Ada L', uniqueName: 'ada@acme.example' };
const bob = {
  id: 'ed580ebe-b4a9-485d-bfed-c58ba519d7b6',
  displayName: 'Bob',
  uniqueName: 'bob@acme.example',
  vote: 10,
};

const pullRequest = (change: object = {}) => ({
  repository,
  pullRequestId: 2,
  status: 'active',
  createdBy: ada,
  title: 'Sell more',
  sourceRefName: 'refs/heads/more',
  targetRefName: 'refs/heads/main',
  mergeStatus: 'succeeded',
  isDraft: false,
  lastMergeSourceCommit: { commitId: SHA },
  lastMergeTargetCommit: { commitId: OLD },
  reviewers: [bob],
  labels: [{ id: '1', name: 'bug', active: true }],
  ...change,
});

let notification = 0;
const as = (
  name: string,
  eventType: string,
  body: { resource?: unknown; text?: string },
  expect: Fixture['expect'],
) => ({
  name,
  body: {
    subscriptionId: 'd21a27a6-3b89-45fb-9af9-0fe220348c1d',
    notificationId: ++notification,
    id: '6544f94b-ce5d-4bc1-b4be-30559b589d15',
    eventType,
    publisherId: 'tfs',
    ...(body.text && { message: { text: `${body.text} (Sell more) in The Shop\r\n` } }),
    ...('resource' in body && { resource: body.resource }),
    resourceVersion: '1.0',
    createdDate: '2026-07-30T08:42:07.2382228Z',
  },
  expect,
});
const push = (name: string, refUpdates: unknown[], expect: Fixture['expect']) =>
  as(
    name,
    'git.push',
    {
      resource: {
        commits: [{ commitId: SHA, comment: 'Sell more', author: { name: 'Ada', email: 'ada@acme.example' } }],
        refUpdates,
        repository,
        pushedBy: ada,
      },
    },
    expect,
  );
const update = (name: string, text: string, change: object, expect: Fixture['expect']) =>
  as(name, 'git.pullrequest.updated', { text, resource: pullRequest(change) }, expect);
const comment = (change: object = {}) => ({
  id: 5,
  parentCommentId: 0,
  author: bob,
  content: '/retest',
  publishedDate: '2026-06-17T16:55:46.589889Z',
  lastContentUpdatedDate: '2026-06-17T16:55:46.589889Z',
  commentType: 'text',
  ...change,
});
const commented = (name: string, change: object, expect: Fixture['expect']) =>
  as(
    name,
    'ms.vss-code.git-pullrequest-comment-event',
    { resource: { comment: comment(change), pullRequest: pullRequest() } },
    expect,
  );

export const azureFixtures: [Fixture, ...Fixture[]] = [
  push('a push', [{ name: 'refs/heads/main', oldObjectId: OLD, newObjectId: SHA }], {
    event: {
      provider: 'azure-devops',
      kind: 'push',
      ref: 'refs/heads/main',
      branch: 'main',
      before: OLD,
      commit: { sha: SHA, message: 'Sell more', author: 'Ada', url: `${PAGE}/commit/${SHA}` },
      created: false,
      repository: {
        id: '98f0ce59-a912-43d5-96d2-bc0942a03f7b',
        fullName: 'My Project/The Shop',
        url: PAGE,
        defaultBranch: 'main',
        private: true,
      },
      sender: { login: 'ada@acme.example', id: '107e08c7-2725-675e-a1b0-281729035ea6', bot: false },
    },
  }),
  push(
    'a push of many refs',
    [
      { name: 'refs/heads/feature/a', oldObjectId: NONE, newObjectId: SHA },
      { name: 'refs/heads/rebased', oldObjectId: OLD, newObjectId: SHA, forced: true },
      { name: 'refs/heads/old', oldObjectId: OLD, newObjectId: NONE },
      { name: 'refs/tags/v1', oldObjectId: NONE, newObjectId: SHA },
      { name: 'refs/tags/v0', oldObjectId: OLD, newObjectId: NONE },
      { name: 'refs/pull/1/merge', oldObjectId: OLD, newObjectId: SHA },
    ],
    {
      events: [
        { kind: 'push', branch: 'feature/a', created: true },
        { kind: 'push', branch: 'rebased', created: false, forced: true },
        { kind: 'branch_deleted', branch: 'old', before: OLD },
        { kind: 'tag', tag: 'v1', created: true, commit: { sha: SHA } },
        { kind: 'tag_deleted', tag: 'v0', before: OLD },
      ],
    },
  ),
  as(
    'a push of a hook that sends little',
    'git.push',
    { resource: { pushId: 2, url: 'https://x.example' } },
    {
      ignored: 'the payload lacks the repository: set "Resource details to send" to All in the service hook',
    },
  ),
  as(
    'a push of a hook that sends nothing',
    'git.push',
    {},
    {
      ignored: 'the payload lacks the repository: set "Resource details to send" to All in the service hook',
    },
  ),
  as(
    'a pull request',
    'git.pullrequest.created',
    { resource: pullRequest() },
    {
      event: {
        kind: 'pull_request',
        action: 'opened',
        commit: { sha: SHA },
        sender: { login: 'ada@acme.example' },
        pullRequest: {
          number: 2,
          title: 'Sell more',
          url: `${PAGE}/pullrequest/2`,
          author: 'ada@acme.example',
          state: 'open',
          draft: false,
          fork: false,
          merged: false,
          labels: ['bug'],
          base: { ref: 'main', sha: OLD },
          head: { ref: 'more', sha: SHA, repository: 'My Project/The Shop' },
          updatedAt: '2026-07-30T08:42:07.238Z',
        },
      },
    },
  ),
  as(
    'a draft from a fork',
    'git.pullrequest.created',
    {
      resource: pullRequest({
        isDraft: true,
        forkSource: { name: 'refs/heads/more', repository: { name: 'Shop.eve', project: { name: 'Eve' } } },
      }),
    },
    { event: { pullRequest: { draft: true, fork: true, head: { repository: 'Eve/Shop.eve' } } } },
  ),
  as(
    'a pull request from a fork that may not be seen',
    'git.pullrequest.created',
    { resource: pullRequest({ forkSource: {} }) },
    { event: { pullRequest: { fork: true } } },
  ),
  as(
    'a pull request of which no commit is named',
    'git.pullrequest.created',
    { resource: pullRequest({ lastMergeSourceCommit: undefined }) },
    { ignored: 'the payload lacks the head commit: set "Resource details to send" to All in the service hook' },
  ),
  as(
    'a pull request of a hook that sends little',
    'git.pullrequest.updated',
    { resource: { pullRequestId: 2, url: 'https://x.example' } },
    { ignored: 'the payload lacks the pull request: set "Resource details to send" to All in the service hook' },
  ),
  update(
    'new commits',
    'Ada L updated the source branch of pull request 2',
    {},
    {
      event: { action: 'synchronize', sender: { login: 'ada@acme.example' } },
    },
  ),
  update(
    'an update that says nothing of itself',
    '',
    {},
    {
      event: { action: 'synchronize', sender: { login: 'ghost' } },
    },
  ),
  update('a reactivation', 'Ada L reactivated pull request 2', {}, { event: { action: 'reopened' } }),
  update(
    'a merge',
    'Ada L marked the pull request as completed',
    { status: 'completed', closedBy: bob },
    {
      event: {
        action: 'closed',
        pullRequest: { state: 'closed', merged: true },
        sender: { login: 'bob@acme.example' },
      },
    },
  ),
  update(
    'an abandoned one',
    'Ada L abandoned pull request 2',
    { status: 'abandoned' },
    {
      event: { action: 'closed', pullRequest: { state: 'closed', merged: false } },
    },
  ),
  update(
    'other reviewers',
    'Ada L changed the reviewer list for pull request 2',
    {},
    {
      ignored: 'the list of reviewers changed; the payload does not say how',
    },
  ),
  update(
    'an approval',
    'Bob approved pull request 2',
    {},
    {
      event: { kind: 'review', action: 'approved', number: 2, reviewer: 'bob@acme.example', commit: { sha: SHA } },
    },
  ),
  update(
    'an approval with suggestions',
    'Bob has approved and left suggestions in pull request 2',
    {},
    {
      event: { kind: 'review', action: 'approved' },
    },
  ),
  update(
    'a review that waits',
    'Bob is waiting for the author in pull request 2',
    {},
    {
      event: { kind: 'review', action: 'changes_requested' },
    },
  ),
  update('a rejection', 'Bob rejected pull request 2', {}, { event: { kind: 'review', action: 'changes_requested' } }),
  update(
    'a vote taken back',
    'Bob voted on pull request 2',
    { reviewers: [{ ...bob, vote: 0 }] },
    {
      event: { kind: 'review', action: 'dismissed', reviewer: 'bob@acme.example' },
    },
  ),
  update(
    'a title that says what a reviewer would',
    'Ada L updated the source branch of pull request 2 (Bob rejected pull request',
    {},
    {
      event: { action: 'synchronize' },
    },
  ),
  as(
    'a merge that was tried',
    'git.pullrequest.merged',
    { resource: pullRequest() },
    {
      ignored: 'the merge was only tried; other events report new commits',
    },
  ),
  as(
    'a merge that was made',
    'git.pullrequest.merged',
    { resource: pullRequest({ status: 'completed' }) },
    {
      event: { action: 'closed', pullRequest: { merged: true } },
    },
  ),
  commented(
    'a comment',
    {},
    {
      event: {
        kind: 'comment',
        action: 'created',
        on: 'pull_request',
        number: 2,
        open: true,
        comment: { id: '5', body: '/retest', author: 'bob@acme.example', createdAt: '2026-06-17T16:55:46.589Z' },
        sender: { login: 'bob@acme.example' },
        commit: { sha: SHA },
      },
    },
  ),
  commented(
    'an edited comment',
    { lastContentUpdatedDate: '2026-06-17T16:58:33.123889Z' },
    {
      event: { kind: 'comment', action: 'edited' },
    },
  ),
  commented(
    'a deleted comment',
    { isDeleted: true, content: undefined },
    {
      event: { kind: 'comment', action: 'deleted', comment: { body: '' } },
    },
  ),
  commented(
    'a comment of the service itself',
    { commentType: 'system' },
    {
      ignored: 'Azure DevOps wrote the comment itself',
    },
  ),
  as('a build', 'build.complete', { resource: {} }, { ignored: 'no automation can listen to build.complete events' }),
];
