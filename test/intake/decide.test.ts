import { expect, test } from 'vitest';
import { synthesisedKey } from '../../src/events/synthesised-key.js';
import { type DecideDeps, decide } from '../../src/intake/decide.js';
import { createLoopGuard } from '../../src/intake/loop-guard.js';
import type { Reading } from '../../src/intake/read-events.js';
import { knownSources } from '../../src/providers/known-sources.js';
import type { Source } from '../../src/providers/source.js';
import { Secret } from '../../src/secrets/secret.js';
import type { DeliveryRecord } from '../../src/store/store.js';
import { push, status } from '../../src/triggers/index.js';
import { sourceOf } from '../providers/senders.js';
import { pushEvent, statusEvent } from '../triggers/sample-events.js';

const ci = { name: 'ci', file: 'ci.ts', on: [push()] };
const event = pushEvent();
/** Automations that nobody may look at. */
const untouched = new Proxy([], {
  get: () => {
    throw new Error('the automations were asked');
  },
});

function ask(
  reading: Reading,
  deps: Partial<DecideDeps>,
  { kind = 'gitea', repositories }: { kind?: Source['kind']; repositories?: readonly string[] } = {},
) {
  const api = { token: new Secret('an api token') };
  const source = { ...sourceOf(kind), api, ...(repositories && { repositories }) } as Source;
  const known = knownSources({ source }).source;
  if (!known) throw new Error('the source is not known');
  const sender = { ...known, headers: { 'x-gitlab-event-uuid': 'round-and-round' } };
  const delivery = { source: 'source', key: 'k1', receivedAt: 1 };
  return decide(reading, { sender, delivery }, { automations: [ci], ...deps });
}

/** An inbox that holds one delivery, synthesised for the event. */
const holding = (made: typeof event): Required<DecideDeps>['inbox'] => {
  const record = { id: 'd1', key: synthesisedKey(made), events: [made], receivedAt: 0 } as unknown as DeliveryRecord;
  return {
    has: async (_, keys) => new Set(keys.filter((key) => key === record.key)),
    list: async () => [record],
  };
};

test('automations are not asked about a delivery that the provider side ignores', () => {
  expect(ask({ ignored: 'a ping' }, { automations: untouched })).toEqual({ ignored: 'a ping' });
});

test('automations are not asked about a repository that the source may not speak for', () => {
  const decision = ask({ events: [event] }, { automations: untouched }, { repositories: ['eve/*'] });
  expect(decision).toEqual({ ignored: expect.stringMatching('^the source may not speak for ') });
});

test('automations are not asked about a delivery that is a part of a loop', () => {
  const loops = createLoopGuard({ most: 0, windowMs: 1_000, remembered: 10 });
  const decision = ask({ events: [event] }, { automations: untouched, loops }, { kind: 'gitlab' });
  expect(decision).toEqual({ ignored: 'the same action has come back 1 times: a loop' });
});

test('a delivery that is ignored counts as a part of a loop all the same', () => {
  const loops = createLoopGuard({ most: 1, windowMs: 1_000, remembered: 10 });
  const look = (key: string) => loops.look({ source: 'source', chain: 'round-and-round', key, at: 2 });
  ask({ ignored: 'a ping' }, { loops }, { kind: 'gitlab' });
  expect(look('k2')).toMatch('come back 2 times');
});

test('automations are not asked about a late delivery that reconciling has synthesised', async () => {
  const decision = await ask({ events: [event] }, { automations: untouched, inbox: holding(event) });
  expect(decision).toEqual({ ignored: expect.stringMatching('^it came late: .* has made d1 of it$') });
});

test('a late part of a delivery is filtered for every automation, and the other parts are matched', async () => {
  const other = pushEvent({ branch: 'other', ref: 'refs/heads/other' });
  const decision = await ask({ events: [event, other] }, { inbox: holding(event) });
  expect(decision).toMatchObject({
    events: [{ ...event, toldBefore: expect.stringMatching('^it came late') }, other],
    verdicts: [
      { automation: 'ci', outcome: 'filtered', because: expect.stringMatching('^it came late') },
      { automation: 'ci', outcome: 'start', part: 1 },
    ],
  });
});

test('the decision is there at once where a source is not reconciled by state', () => {
  const decision = ask({ events: [event] }, { inbox: holding(event) }, { kind: 'github' });
  expect(decision).toMatchObject({ verdicts: [{ automation: 'ci', outcome: 'start' }] });
});

test("a check that may be a fork's is in no lane of our branch where nobody asks whose it is", async () => {
  const concurrency = [{ group: 'branch', onBusy: 'cancel-running' }] as const;
  const automations = [
    { ...ci, name: 'asks', on: [status()], concurrency },
    { ...ci, name: 'trusts', on: [status({ forks: true })], concurrency },
  ];
  const decision = await ask({ events: [statusEvent({ checkSuite: '7' })] }, { automations });
  const verdicts = 'verdicts' in decision ? decision.verdicts : [];
  expect(verdicts.map((verdict) => 'lane' in verdict && verdict.lane?.title)).toEqual(['asks acme/shop main', false]);
  expect(verdicts[1]?.because).toContain('in no lane');
});
