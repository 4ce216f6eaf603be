import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { bitbucketCloud } from '../../../src/providers/bitbucket-cloud/webhook/index.js';
import { MalformedPayload } from '../../../src/providers/webhook-scheme.js';
import { Secret } from '../../../src/secrets/secret.js';
import { describeKind } from '../conformance.js';
import { recorded } from '../recorded.js';
import { bitbucketCloudFixtures as fixtures, pullRequest } from './fixtures.js';

describeKind('bitbucket-cloud', {
  make: (secrets) => bitbucketCloud({ secrets: [...secrets] }),
  sign: (body, { secret, id }) => ({
    'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    'x-request-uuid': id,
    // Tells which hook it was, and must not be mistaken for the delivery.
    'x-hook-uuid': '{5f3f7e2a-0000-4c4b-b71f-a0eb3ac2b860}',
  }),
  credential: 'x-hub-signature',
  signsBody: true,
  fixtures,
});

const context = { source: 's', deliveryId: 'd', receivedAt: '2026-11-24T08:00:00.000Z' };
const kind = bitbucketCloud({ secrets: [new Secret('a secret of sixteen')] });
const bodyOf = (event: string) => fixtures.find(({ headers }) => headers?.['x-event-key'] === event)?.body as object;

test('SHA-1 in the same header verifies nothing, and is refused before the body is read', () => {
  const sha1 = createHmac('sha1', 'a secret of sixteen').update('{}').digest('hex');
  expect(kind.isSigned({ 'x-hub-signature': `sha1=${sha1}` })).toBe(false);
  expect(kind.isSigned({ 'x-hub-signature': sha1 })).toBe(false);
});

test('the id of the hook is no id of a delivery', () => {
  const headers = { 'x-hook-uuid': '{5f3f7e2a-0000-4c4b-b71f-a0eb3ac2b860}' };
  expect(kind.deliveryKey({ headers, body: Buffer.from('{}'), payload: {} })).toBeUndefined();
});

test.each(['repo:push', 'pullrequest:created', 'pullrequest:approved', 'repo:commit_status_created'])(
  'the name %s with a body of something else is malformed',
  (event) => {
    const other = event === 'repo:push' ? 'pullrequest:created' : 'repo:push';
    expect(() => kind.normalise(bodyOf(other), event, context)).toThrow(MalformedPayload);
  },
);

test('a body of an open pull request is no merge, no refusal and no approval, whatever its header says', () => {
  for (const event of ['pullrequest:fulfilled', 'pullrequest:rejected', 'pullrequest:approved'])
    expect(() => kind.normalise(bodyOf('pullrequest:created'), event, context), event).toThrow(MalformedPayload);
});

test('an app is a bot; a person who calls themselves app_user is none', () => {
  const created = bodyOf('pullrequest:created');
  const senderOf = (actor: object | null) => kind.normalise({ ...created, actor }, 'pullrequest:created', context);
  expect(senderOf({ type: 'app_user', display_name: 'Deployer', account_id: '712020:1' })).toMatchObject({
    event: { sender: { login: 'Deployer', id: '712020:1', bot: true } },
  });
  expect(senderOf({ type: 'user', nickname: 'app_user' })).toMatchObject({ event: { sender: { bot: false } } });
  expect(senderOf(null)).toMatchObject({ event: { sender: { login: 'ghost' } } });
});

test('a push of 500 branches becomes a hundred events, and a malformed change leaves the others as they are', () => {
  const push = bodyOf('repo:push') as { push: { changes: { new: { name: string } }[] } };
  const [change] = push.push.changes;
  const many = Array.from({ length: 500 }, (_, n) => ({
    ...change,
    new: { ...change?.new, name: `b${n}` },
    old: null,
  }));
  const answer = kind.normalise({ ...push, push: { changes: many } }, 'repo:push', context);
  expect('events' in answer && answer.events.map((event) => 'branch' in event && event.branch)).toEqual(
    Array.from({ length: 100 }, (_, n) => `b${n}`),
  );
  const broken = { ...push, push: { changes: [{ new: { type: 'branch', name: 'a b' } }, ...many] } };
  expect(kind.normalise(broken, 'repo:push', context)).toMatchObject({
    events: Array.from({ length: 99 }, (_, n) => ({ branch: `b${n}`, refsLeftOut: 402 })),
  });
  const [malformed] = broken.push.changes;
  expect(() => kind.normalise({ ...push, push: { changes: [malformed] } }, 'repo:push', context)).toThrow(
    MalformedPayload,
  );
});

test('a pull request is open in each state but those in which it is over', () => {
  const told = (event: string, change: object) =>
    kind.normalise({ ...bodyOf(event), pullrequest: pullRequest(change) }, event, context);
  const open = ['OPEN', 'DRAFT', 'QUEUED', 'ADDED_SINCE'].map((state) => [state, true] as const);
  const over = ['MERGED', 'DECLINED', 'SUPERSEDED'].map((state) => [state, false] as const);
  for (const [state, isOpen] of [...open, ...over]) {
    expect(told('pullrequest:updated', { state }), state).toMatchObject({
      event: { pullRequest: { state: isOpen ? 'open' : 'closed', draft: state === 'DRAFT' } },
    });
    expect(told('pullrequest:comment_created', { state }), state).toMatchObject({ event: { open: isOpen } });
  }
  for (const draft of [undefined, null, true])
    expect(told('pullrequest:created', { state: 'DRAFT', draft })).toMatchObject({
      event: { action: 'opened', pullRequest: { state: 'open', draft: true } },
    });
});

test('a pull request of a fork that has taken our name is still of a fork', () => {
  const { source } = pullRequest();
  const renamed = { ...source, repository: { ...source.repository, uuid: '{11111111-829e-4c4b-b71f-a0eb3ac2b860}' } };
  const body = { ...bodyOf('pullrequest:created'), pullrequest: pullRequest({ source: renamed }) };
  expect(kind.normalise(body, 'pullrequest:created', context)).toMatchObject({
    event: { pullRequest: { fork: true } },
  });
});

test('recorded payloads are all told of', () => {
  const kinds = { 'repo:push': /^(push|tag|branch_deleted|tag_deleted)$/, 'repo:commit_status': /^status$/ };
  for (const { file, headers, body } of recorded('bitbucket-cloud')) {
    const event = headers['x-event-key'] ?? '';
    const payload = kind.parse({ headers: { 'content-type': 'application/json' }, body });
    const answer = kind.normalise(payload, event, context);
    const expected = Object.entries(kinds).find(([name]) => event.startsWith(name))?.[1] ?? /^(pull_request|comment)$/;
    expect('event' in answer && answer.event.kind, file).toMatch(expected);
  }
});

test('an annotated tag that is deleted is a tag, whatever it is called', () => {
  const target = { type: 'commit', hash: 'a'.repeat(40) };
  for (const type of ['tag', 'annotated_tag']) {
    const push = { changes: [{ old: { type, name: 'v2', target }, new: null }] };
    expect(kind.normalise({ ...bodyOf('repo:push'), push }, 'repo:push', context)).toMatchObject({
      event: { kind: 'tag_deleted', tag: 'v2' },
    });
  }
});
