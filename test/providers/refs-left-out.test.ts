import { describe, expect, it, test } from 'vitest';
import { deliveryLines } from '../../src/cli/format/delivery-lines.js';
import { refsLeftOutOf } from '../../src/events/refs-left-out.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import type { ProviderKind } from '../../src/providers/source.js';
import { eventsOf } from '../../src/providers/webhook-scheme.js';
import { acceptedOutcome } from '../../src/server/accepted-outcome.js';
import { type DeliveryLine, noteVerdicts } from '../../src/server/delivery-line.js';
import { context } from './properties-seeds.js';
import { sourceOf } from './senders.js';

const SHA = 'a'.repeat(40);
const ZERO = '0'.repeat(40);
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

interface Row {
  readonly kind: ProviderKind;
  readonly event: string;
  push(tags: number): object;
  /** A push of refs that are neither branches nor tags. */
  others(refs: number): object;
}

const cloud = (type: string) => (count: number) => ({
  repository: { full_name: 'acme/app' },
  push: { changes: numbers(count).map((n) => ({ new: { type, name: `v${n}`, target: { hash: SHA } } })) },
});
const server = (folder: string) => (count: number) => ({
  repository: { id: 1, slug: 'app', project: { key: 'ACME' } },
  changes: numbers(count).map((n) => ({ refId: `refs/${folder}/v${n}`, fromHash: ZERO, toHash: SHA })),
});
const azure = (folder: string) => (count: number) => ({
  resource: {
    repository: { id: '1', name: 'app', project: { name: 'acme' } },
    refUpdates: numbers(count).map((n) => ({ name: `refs/${folder}/v${n}`, oldObjectId: ZERO, newObjectId: SHA })),
  },
});

/** The providers whose deliveries may tell of several refs. */
const rows: readonly Row[] = [
  { kind: 'bitbucket-cloud', event: 'repo:push', push: cloud('tag'), others: cloud('bookmark') },
  { kind: 'bitbucket-data-center', event: 'repo:refs_changed', push: server('tags'), others: server('notes') },
  { kind: 'azure-devops', event: 'git.push', push: azure('tags'), others: azure('notes') },
];

describe.each(rows)('a push of many tags to $kind', ({ kind, event, push, others }) => {
  const read = (payload: object) => schemeOf(sourceOf(kind)).normalise(payload, event, context);
  const eventsFor = (tags: number) => {
    const normalised = read(push(tags));
    return 'ignored' in normalised ? [] : eventsOf(normalised);
  };

  it.each([
    [1, 1, 0],
    [100, 100, 0],
    [101, 100, 1],
    [150, 100, 50],
    [5_000, 100, 4_900],
  ])('of %i tags to it reads %i, and says that %i were left out', (tags, count, leftOut) => {
    const events = eventsFor(tags);
    expect(events).toHaveLength(count);
    expect(refsLeftOutOf(events)).toBe(leftOut);
    for (const { kind, ...fields } of events) {
      expect(kind).toBe('tag');
      expect('refsLeftOut' in fields ? fields.refsLeftOut : 0).toBe(leftOut);
    }
  });

  it('of 150 tells it to the sender, to explain and to the log', () => {
    const events = eventsFor(150);
    const kept = { id: 'd1', events, verdicts: [] };
    const { answer } = acceptedOutcome({ kept: { ...shown, ...kept } });
    expect(answer.body).toMatchObject({
      leftOut: '50 refs of the push were not read: malformed, or more than are read of one push',
    });
    expect(deliveryLines({ ...shown, ...kept }).join('\n')).toContain('50 refs of the push were not read');
    const line: DeliveryLine = {};
    noteVerdicts(line, kept);
    expect(line).toMatchObject({ refsLeftOut: 50 });
  });

  it('that is of no branch or tag says so in the reason why it is ignored', () => {
    expect(read(others(101))).toEqual({
      ignored: expect.stringMatching(/neither of a branch nor of a tag; 1 ref of the push was not read/),
    });
  });
});

const shown = {
  id: 'd1',
  source: 's',
  key: 'k',
  eventName: 'push',
  receivedAt: 0,
  headers: {},
  bodyBytes: 2,
  body: Buffer.from('{}'),
  bodyHash: '',
  repeatedSince: 0,
  events: [],
  verdicts: [],
  dispatches: [],
};

test('a delivery whose refs were all read says nothing of it', () => {
  expect(acceptedOutcome({ kept: shown }).answer.body).not.toHaveProperty('leftOut');
  expect(deliveryLines(shown).join()).not.toContain('Left out');
});
