import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { toKnownSource } from '../../src/providers/known-sources.js';
import { pullRequest, review } from '../../src/triggers/index.js';
import { type FixtureKind, fixtureOf } from '../providers/fixture-of.js';
import { senderOf, sourceOf } from '../providers/senders.js';
import { SECRET } from '../providers/signing.js';
import type { Answer } from '../support/harness/delivery.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';

// biome-ignore lint/suspicious/noExplicitAny: single fields of a provider's payload.
type Change = (body: any) => void;

interface Row {
  readonly kind: FixtureKind;
  /** A delivery about an open pull request. */
  readonly open: string;
  /** A delivery that closes one. */
  readonly close: { readonly fixture: string; readonly change?: Change };
  /** Takes the head out of a payload. */
  readonly behead: Change;
}

const ROWS: readonly Row[] = [
  {
    kind: 'gitlab',
    open: 'a merge request',
    close: {
      fixture: 'a merge',
      change: ({ object_attributes: it }) => Object.assign(it, { action: 'close', state: 'closed' }),
    },
    behead: ({ object_attributes: it }) => Object.assign(it, { last_commit: null }),
  },
  {
    kind: 'bitbucket-cloud',
    open: 'a pull request',
    close: { fixture: 'a refusal' },
    behead: ({ pullrequest: it }) => Object.assign(it.source, { commit: null, branch: null }),
  },
  {
    kind: 'azure-devops',
    open: 'a pull request',
    close: { fixture: 'an abandoned one' },
    behead: ({ resource: it }) => Object.assign(it, { lastMergeSourceCommit: undefined }),
  },
  ...(['gitea', 'forgejo'] as const).map((kind) => ({
    kind,
    open: 'a pull request',
    close: {
      fixture: 'a pull request',
      change: ((body) => (Object.assign(body, { action: 'closed' }).pull_request.state = 'closed')) as Change,
    },
    behead: ((body) => Object.assign(body.pull_request.head, { sha: '' })) as Change,
  })),
];

let receiver: Receiver;
let number = 100;
let told = 0;

beforeAll(async () => {
  const of = (kind: FixtureKind) => ({ secrets: [SECRET], options: { kind, ...senderOf(kind).settings } });
  receiver = await startReceiver({
    config: { sources: Object.fromEntries(ROWS.map(({ kind }) => [kind, of(kind)])) },
    automations: () => [
      { name: 'closing', on: [pullRequest({ actions: ['closed'] })], file: 'automations/all.ts' },
      { name: 'reviewed', on: [review({ permission: 'none' })], file: 'automations/all.ts' },
    ],
  });
});
afterAll(() => receiver.close());
beforeEach(() => {
  number += 1;
});

async function send(kind: FixtureKind, fixture: string, change: Change): Promise<Answer> {
  const { event, body } = fixtureOf(kind, fixture);
  change(body);
  // Of this test's pull request.
  for (const it of [body, body.pull_request, body.pullrequest, body.resource, body.object_attributes])
    for (const name of ['number', 'id', 'pullRequestId', 'iid'])
      if (it?.[name] !== undefined && !(it === body && name === 'id')) it[name] = number;
  const bytes = Buffer.from(JSON.stringify({ ...body, ...(kind === 'azure-devops' && { notificationId: ++told }) }));
  const response = await fetch(`${receiver.url}/webhooks/${kind}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...senderOf(kind).headers(bytes, Date.now(), event) },
    body: bytes,
  });
  return (await response.json()) as Answer;
}

const eventOf = async ({ delivery = '' }: Answer) => (await receiver.store.inbox.find(delivery))?.events[0];
const nothing: Change = () => undefined;
const rename: Change = ({ project, repository, resource }) => {
  for (const it of [project, repository, resource?.repository])
    for (const name of ['path_with_namespace', 'full_name', 'name'])
      if (typeof it?.[name] === 'string') it[name] = it[name].replace(/[^/]+$/, 'renamed');
};

describe.each(ROWS)('the closing of a pull request of which $kind names no head', ({ kind, open, close, behead }) => {
  const closeHeadless = () =>
    send(kind, close.fixture, (body) => {
      close.change?.(body);
      behead(body);
    });

  it('has the head that was told last, and starts what waits for it', async () => {
    const opened = await eventOf(await send(kind, open, nothing));
    if (opened?.kind !== 'pull_request') throw new Error('the pull request was not opened');
    const answer = await closeHeadless();
    expect(answer.runs).toHaveLength(1);
    expect(await eventOf(answer)).toMatchObject({
      kind: 'pull_request',
      action: 'closed',
      commit: { sha: opened.commit.sha },
      pullRequest: {
        number,
        state: 'closed',
        merged: false,
        fork: opened.pullRequest.fork,
        head: opened.pullRequest.head,
      },
      sender: { login: expect.stringMatching(/./) },
    });
  });

  it('has the head that was told before the repository was renamed', async () => {
    const opened = await eventOf(await send(kind, open, nothing));
    const answer = await send(kind, close.fixture, (body) => {
      close.change?.(body);
      behead(body);
      rename(body);
    });
    expect(answer.runs).toHaveLength(1);
    expect(await eventOf(answer)).toMatchObject({
      action: 'closed',
      commit: { sha: opened?.kind === 'pull_request' && opened.commit.sha },
      repository: { fullName: expect.stringMatching(/renamed$/) },
    });
  });

  it('is ignored where nothing was told of it: nothing of it can be open', async () => {
    expect((await closeHeadless()).ignored).toMatch(/names no commit|lacks the head commit/);
  });

  it('has no head of a pull request of another number', async () => {
    await send(kind, open, nothing);
    number += 1;
    expect((await closeHeadless()).ignored).toMatch(/names no commit|lacks the head commit/);
  });

  it('is all that is read without a head: new code of an unknown commit is ignored', () => {
    const { event = '', body } = fixtureOf(kind, open);
    behead(body);
    const { scheme } = toKnownSource(sourceOf(kind));
    const context = { source: kind, deliveryId: 'd', receivedAt: '2026-11-24T08:00:00.000Z' };
    const normalised = scheme.normalise(body, event || body.eventType, context);
    expect(normalised).toMatchObject({ ignored: expect.stringMatching(/names no commit|lacks the head commit/) });
    expect(normalised).not.toHaveProperty('closing');
  });
});

test('an approval at GitLab of a merge request without commits is an approval', async () => {
  const answer = await send('gitlab', 'an approval', ({ object_attributes: it }) =>
    Object.assign(it, { last_commit: null }),
  );
  expect(answer.runs).toHaveLength(1);
  expect(await eventOf(answer)).toMatchObject({ kind: 'review', action: 'approved', number });
  expect(await eventOf(answer)).not.toHaveProperty('commit');
});
