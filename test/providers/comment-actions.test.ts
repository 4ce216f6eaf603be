import { expect, test } from 'vitest';
import { readEvents } from '../../src/intake/read-events.js';
import { toKnownSource } from '../../src/providers/known-sources.js';
import type { ProviderKind } from '../../src/providers/source.js';
import { repository, SHA } from '../support/harness/payloads.js';
import { seedsOf } from './properties-seeds.js';
import { sourceOf } from './senders.js';

/** What a delivery becomes, with the names of its commands. */
function read(kind: ProviderKind, eventName: string, payload: unknown) {
  const delivery = { id: 'd1', source: 'here', eventName, receivedAt: Date.parse('2026-11-24T08:00:00Z') };
  const answer = readEvents(payload, toKnownSource(sourceOf(kind)), delivery);
  if ('ignored' in answer) return answer;
  return answer.events.map((event) => ({
    ...event,
    names: 'commands' in event && event.commands?.map(({ name }) => name),
  }));
}

/** The payload of a provider's fixture, changed. */
function seed(kind: ProviderKind, isMeant: (body: string) => boolean, change: (body: never) => void) {
  const found = seedsOf(kind).find(({ body }) => isMeant(JSON.stringify(body)));
  if (!found) throw new Error(`${kind} has no such fixture`);
  const body = structuredClone(found.body);
  change(body as never);
  return body;
}

interface Note {
  object_attributes: { note: string; action?: string };
  merge_request: { state?: string | null };
}
const note = (change: (body: Note) => void) =>
  seed(
    'gitlab',
    (body) => body.includes('"noteable_type":"MergeRequest"'),
    (body: Note) => {
      body.object_attributes.note = '/deploy';
      change(body);
    },
  );
const noteOf = (action?: string) => note((body) => Object.assign(body.object_attributes, { action }));

test('a new comment at GitLab gives its commands, also where no action is told', () => {
  for (const action of ['create', undefined])
    expect(read('gitlab', 'Note Hook', noteOf(action))).toMatchObject([{ action: 'created', names: ['deploy'] }]);
});

test('an edited comment at GitLab gives no commands', () => {
  expect(read('gitlab', 'Note Hook', noteOf('update'))).toMatchObject([{ action: 'edited', names: false }]);
});

test.each(['delete', 'resolve', 'constructor', ''])(
  'a comment of which GitLab tells the action %j gives no commands again',
  (action) => {
    expect(read('gitlab', 'Note Hook', noteOf(action))).toEqual({
      ignored: 'no automation can listen to this comment action',
    });
  },
);

test('a comment on a merge request or pull request whose state is not told is not on a closed one', () => {
  for (const state of [null, undefined]) {
    const [comment] = read(
      'gitlab',
      'Note Hook',
      note((body) => Object.assign(body.merge_request, { state })),
    ) as object[];
    expect(comment).toMatchObject({ kind: 'comment', names: ['deploy'] });
    expect(comment).not.toHaveProperty('open');
    const issue = { number: 7, title: 't', state, pull_request: {} };
    const payload = { action: 'created', repository, issue, comment: { id: 1, body: '/deploy' } };
    const [other] = read('github', 'issue_comment', payload) as object[];
    expect(other).toMatchObject({ kind: 'comment', names: ['deploy'] });
    expect(other).not.toHaveProperty('open');
  }
});

const reviewed = (action: string) => ({
  action,
  repository,
  review: { state: 'approved', body: '/deploy', user: { login: 'ada' }, commit_id: SHA },
  pull_request: { number: 7, title: 't', html_url: 'https://github.com/acme/shop/pull/7', state: 'open' },
});

test('a review that is submitted at GitHub counts, and gives its commands', () => {
  expect(read('github', 'pull_request_review', reviewed('submitted'))).toMatchObject([
    { kind: 'review', action: 'approved' },
    { kind: 'comment', action: 'created', names: ['deploy'] },
  ]);
});

test.each(['pinned', 'resolved', ''])(
  'a review of which GitHub tells the action %j approves nothing again, and gives no commands',
  (action) => {
    expect(read('github', 'pull_request_review', reviewed(action))).toEqual({
      ignored: 'no automation can listen to this action of a review',
    });
  },
);

test('a comment at Azure DevOps is an edited one if its message says so, whatever its times say', () => {
  const told = (text: string) =>
    read(
      'azure-devops',
      'ms.vss-code.git-pullrequest-comment-event',
      seed(
        'azure-devops',
        (body) => body.includes('pullrequest-comment-event') && !body.includes('"isDeleted":true'),
        (body: { message: object; resource: { comment: object } }) => {
          const publishedDate = '2026-11-24T08:00:00Z';
          body.message = { text };
          Object.assign(body.resource.comment, {
            content: '/deploy',
            publishedDate,
            lastContentUpdatedDate: undefined,
          });
        },
      ),
    );
  expect(told('Ada has commented on a pull request')).toMatchObject([{ action: 'created', names: ['deploy'] }]);
  expect(told('Ada has edited a pull request comment')).toMatchObject([{ action: 'edited', names: false }]);
});

test.each(['gitea', 'forgejo'] as const)('a comment that %s says is on a pull request gives its commands', (kind) => {
  const commented = (is_pull: boolean | null) => ({
    action: 'created',
    is_pull,
    repository,
    issue: { number: 7, title: 't', state: 'open', pull_request: null },
    comment: { id: 1, body: '/deploy' },
  });
  expect(read(kind, 'issue_comment', commented(true))).toMatchObject([{ on: 'pull_request', names: ['deploy'] }]);
  for (const no of [false, null])
    expect(read(kind, 'issue_comment', commented(no))).toMatchObject([{ on: 'issue', names: false }]);
});
