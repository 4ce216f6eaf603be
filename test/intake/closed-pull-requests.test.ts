import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { asOfClosed } from '../../src/intake/closed-pull-request.js';
import { readEvents } from '../../src/intake/read-events.js';
import { toKnownSource } from '../../src/providers/known-sources.js';
import { pullRequest } from '../../src/triggers/index.js';
import { match } from '../../src/triggers/match.js';
import { type FixtureKind, fixtureOf } from '../providers/fixture-of.js';
import { senderOf, sourceOf } from '../providers/senders.js';
import { SECRET } from '../providers/signing.js';
import type { Answer } from '../support/harness/delivery.js';
import { type Receiver, startReceiver } from '../support/harness/receiver.js';
import { pullRequestEvent } from '../triggers/sample-events.js';

const HOUR_MS = 3_600_000;

let receiver: Receiver;
let now = Date.parse('2026-11-24T08:00:00Z');
let notification = 0;

beforeAll(async () => {
  receiver = await startReceiver({
    config: {
      sources: {
        'azure-devops': { secrets: [SECRET], options: { kind: 'azure-devops', ...senderOf('azure-devops').settings } },
      },
    },
    automations: () => [
      { name: 'build', on: [pullRequest()], file: 'automations/all.ts' },
      { name: 'deploy', on: [pullRequest({ actions: ['closed'] })], file: 'automations/all.ts' },
    ],
    now: () => now,
  });
});
afterAll(() => receiver.close());
beforeEach(() => {
  now += 40 * 24 * HOUR_MS;
});

/** What Azure DevOps says of pull request 2: `update` and `merge` name its events. */
async function tell(event: 'update' | 'merge', resource: object): Promise<Answer> {
  const { body } = fixtureOf('azure-devops', event === 'update' ? 'a merge' : 'a merge that was made');
  const whole = {
    ...body,
    id: undefined,
    notificationId: ++notification,
    createdDate: new Date(now).toISOString(),
    resource: { ...body.resource, ...resource },
  };
  const bytes = Buffer.from(JSON.stringify({ ...whole, id: `event-${notification}` }));
  const response = await fetch(`${receiver.url}/webhooks/azure-devops`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...senderOf('azure-devops').headers(bytes, now) },
    body: bytes,
  });
  return (await response.json()) as Answer;
}

const startedBy = ({ verdicts = [], duplicate }: Answer) =>
  duplicate ? [] : verdicts.flatMap(({ automation, outcome }) => (outcome === 'start' ? [automation] : []));

describe('the closing of a pull request at Azure DevOps', () => {
  const closedDate = () => new Date(now).toISOString();

  it.each([
    ['update', 'merge'],
    ['merge', 'update'],
  ] as const)('is one, though an %s and a %s tell of it', async (first, second) => {
    const merged = { status: 'completed', closedDate: closedDate() };
    expect(startedBy(await tell(first, merged))).toEqual(['deploy']);
    now += 1_000;
    expect(await tell(second, merged)).toMatchObject({ duplicate: true, repeats: 'event' });
  });

  it('is not told again by what happens to it afterwards, an hour or a week later', async () => {
    const merged = { status: 'completed', closedDate: closedDate() };
    await tell('update', merged);
    for (const later of [HOUR_MS, 7 * 24 * HOUR_MS, 24 * HOUR_MS]) {
      now += later;
      expect(startedBy(await tell('update', { ...merged, title: `After ${later}` }))).toEqual([]);
    }
  });

  it('is another one where it was opened again in between', async () => {
    const first = { status: 'abandoned', closedDate: closedDate() };
    expect(startedBy(await tell('update', first))).toEqual(['deploy']);
    now += HOUR_MS;
    expect(startedBy(await tell('update', { status: 'abandoned', closedDate: closedDate() }))).toEqual(['deploy']);
    expect(
      startedBy(await tell('update', { status: 'abandoned', closedDate: closedDate(), pullRequestId: 3 })),
    ).toEqual(['deploy']);
  });

  it('counts each time where the payload does not say when it was', async () => {
    expect(startedBy(await tell('update', { status: 'completed' }))).toEqual(['deploy']);
    expect(startedBy(await tell('merge', { status: 'completed' }))).toEqual(['deploy']);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: single fields of a provider's payload.
type Close = (body: any) => void;

describe('of a pull request that is closed', () => {
  const NEW_CODE: readonly [FixtureKind, string, Close][] = [
    ['bitbucket-cloud', 'an update from a fork', (body) => Object.assign(body.pullrequest, { state: 'MERGED' })],
    ['bitbucket-cloud', 'an update from a fork', (body) => Object.assign(body.pullrequest, { state: 'DECLINED' })],
    [
      'bitbucket-data-center',
      'new commits, from the fork of a person',
      (body) => Object.assign(body.pullRequest, { state: 'MERGED' }),
    ],
    ['bitbucket-data-center', 'another base branch', (body) => Object.assign(body.pullRequest, { state: 'DECLINED' })],
    [
      'bitbucket-data-center',
      'a draft that is ready',
      (body) => Object.assign(body.pullRequest, { state: 'DECLINED' }),
    ],
    ['gitlab', 'new commits of a fork', (body) => Object.assign(body.object_attributes, { state: 'merged' })],
    ['gitlab', 'a changed target branch', (body) => Object.assign(body.object_attributes, { state: 'closed' })],
    ['gitea', 'a pull request from a fork', (body) => Object.assign(body.pull_request, { state: 'closed' })],
    ['forgejo', 'a pull request from a fork', (body) => Object.assign(body.pull_request, { state: 'closed' })],
  ];

  it.each(NEW_CODE)('%s tells of "%s": that builds nothing', (kind, name, close) => {
    const { event = '', body } = fixtureOf(kind, name);
    const about = { id: 'd', source: kind, eventName: event, receivedAt: now };
    const read = () => {
      const reading = readEvents(body, toKnownSource(sourceOf(kind)), about);
      if ('ignored' in reading || !reading.events[0]) throw new Error('nothing is told');
      return { event: reading.events[0], runs: match({ on: [pullRequest({ forks: true })] }, reading.events[0]).runs };
    };
    expect(read().runs).toBe(true);
    close(body);
    expect(read()).toMatchObject({ event: { action: 'edited' }, runs: false });
    expect(read().event).not.toHaveProperty('baseChanged');
  });

  it('labels, reviewers and the closing itself stay what they are', () => {
    for (const action of ['labeled', 'review_requested', 'closed', 'edited', 'converted_to_draft'] as const) {
      const event = pullRequestEvent({ action }, { state: 'closed' });
      expect(asOfClosed(event)).toBe(event);
    }
  });
});

test.each(['DECLINED', 'MERGED'])(
  'the deletion of a pull request that was %s before closes it no second time',
  (state) => {
    const { event = '', body } = fixtureOf('bitbucket-data-center', 'a deletion of an open one');
    const source = toKnownSource(sourceOf('bitbucket-data-center'));
    Object.assign(body.pullRequest, { state });
    const about = { id: 'd', source: 'dc', eventName: event, receivedAt: now };
    expect(readEvents(body, source, about)).toEqual({ ignored: 'the pull request was closed before it was deleted' });
  },
);
