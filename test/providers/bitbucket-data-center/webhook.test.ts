import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { facts } from '../../../src/providers/bitbucket-data-center/facts.js';
import { bitbucketDataCenter } from '../../../src/providers/bitbucket-data-center/webhook/index.js';
import { MalformedPayload } from '../../../src/providers/webhook-scheme.js';
import { Secret } from '../../../src/secrets/secret.js';
import { describeKind } from '../conformance.js';
import { fixtureOf } from '../fixture-of.js';
import { recorded } from '../recorded.js';
import { bitbucketDataCenterFixtures as fixtures } from './fixtures.js';

const url = 'https://git.example/bitbucket/';

describeKind('bitbucket-data-center', {
  make: (secrets) => bitbucketDataCenter({ secrets: [...secrets], url }),
  sign: (body, { secret, id }) => ({
    'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    'x-request-id': id,
  }),
  credential: 'x-hub-signature',
  signsBody: true,
  fixtures,
});

const context = { source: 's', deliveryId: 'd', receivedAt: '2026-11-24T08:00:00.000Z' };
const kind = bitbucketDataCenter({ secrets: [new Secret('a secret of sixteen')], url });
const bodyOf = (event: string) => fixtures.find(({ headers }) => headers?.['x-event-key'] === event)?.body as object;

test('a ping that is not signed is refused before its body is read', () => {
  expect(kind.isSigned({ 'x-event-key': 'diagnostics:ping', 'x-request-id': 'r1' })).toBe(false);
});

test('a signed ping needs neither a name nor an id', () => {
  const delivery = { headers: {}, body: Buffer.from('{"test":true}'), payload: { test: true } };
  expect(kind.eventName(delivery)).toBe('diagnostics:ping');
  expect(kind.deliveryKey(delivery)).toBeUndefined();
  expect(kind.normalise({ test: true }, 'diagnostics:ping', context)).toEqual({ ignored: 'ping' });
});

test('an event that also says test is no ping', () => {
  const payload = { ...bodyOf('pr:opened'), test: true };
  const delivery = { headers: { 'x-event-key': 'pr:opened' }, body: Buffer.from('{}'), payload };
  expect(kind.eventName(delivery)).toBe('pr:opened');
});

test('a header that names another event than the body is malformed: only the body is signed', () => {
  expect(() => kind.normalise(bodyOf('pr:opened'), 'pr:from_ref_updated', context)).toThrow(
    "the event's name in the header is not the one in the body",
  );
  const { eventKey: _, ...nameless } = bodyOf('pr:opened') as { eventKey: string };
  for (const event of ['pr:merged', 'pr:declined', 'repo:refs_changed', 'pr:reviewer:approved', 'repo:comment:added'])
    expect(() => kind.normalise(nameless, event, context), event).toThrow(MalformedPayload);
});

test('the user of an access token is a bot, and nobody is a ghost', () => {
  const senderOf = (actor?: object) => kind.normalise({ ...bodyOf('pr:opened'), actor }, 'pr:opened', context);
  expect(senderOf({ name: 'access-token-user/4', id: 9, type: 'SERVICE' })).toMatchObject({
    event: { sender: { login: 'access-token-user/4', id: '9', bot: true } },
  });
  expect(senderOf()).toMatchObject({ event: { sender: { login: 'ghost', bot: false } } });
});

test('a pull request is fetched by the ref that the server keeps of its head', () => {
  const answer = kind.normalise(bodyOf('pr:opened'), 'pr:opened', context);
  expect(answer).toMatchObject({ event: { repository: { fullName: 'PRJ/shop' }, pullRequest: { number: 111 } } });
  expect(facts.pullRequestRef?.(111)).toBe('refs/pull-requests/111/from');
});

test('a pull request whose fork is gone is a stranger’s still', () => {
  const opened = bodyOf('pr:opened') as { pullRequest: { fromRef: object } };
  const fromRef = { ...opened.pullRequest.fromRef, repository: null };
  const answer = kind.normalise({ ...opened, pullRequest: { ...opened.pullRequest, fromRef } }, 'pr:opened', context);
  const { pullRequest } = 'event' in answer && answer.event.kind === 'pull_request' ? answer.event : {};
  expect(pullRequest).toMatchObject({ fork: true });
  expect(pullRequest?.head).not.toHaveProperty('repository');
});

test.each(['../etc', '~', 'a/b', '..', 'a b', '-x/../y'])('a project called %j is malformed', (key) => {
  const push = bodyOf('repo:refs_changed') as { repository: { project: object } };
  const repository = { ...push.repository, project: { ...push.repository.project, key } };
  expect(() => kind.normalise({ ...push, repository }, 'repo:refs_changed', context)).toThrow(MalformedPayload);
});

test('recorded payloads are all told of, but for what was closed before it was deleted', () => {
  for (const { file, headers, body } of recorded('bitbucket-server')) {
    const event = headers['x-event-key'] ?? '';
    const payload = kind.parse({ headers: { 'content-type': 'application/json' }, body });
    const answer = kind.normalise(payload, event, context);
    const expected = event === 'repo:refs_changed' ? /^(push|tag|branch_deleted|tag_deleted)$/ : /^pull_request$/;
    if (event === 'pr:deleted') expect(answer, file).toEqual({ ignored: expect.stringMatching(/closed before/) });
    else expect('event' in answer && answer.event.kind, file).toMatch(expected);
  }
});

test.each([{}, { id: '' }, { id: 'a..b' }, 'main'])(
  'a base branch that was %j before, which can be none, has changed',
  (previousTarget) => {
    const { body } = fixtureOf('bitbucket-data-center', 'another base branch');
    const scheme = bitbucketDataCenter({ secrets: [new Secret('a secret of sixteen')], url });
    expect(scheme.normalise({ ...body, previousTarget }, 'pr:modified', context)).toMatchObject({
      event: { action: 'edited', baseChanged: true },
    });
    expect(scheme.normalise({ ...body, previousTarget: null }, 'pr:modified', context)).not.toHaveProperty(
      'event.baseChanged',
    );
  },
);
