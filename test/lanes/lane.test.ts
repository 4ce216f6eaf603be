import { describe, expect, test } from 'vitest';
import type { OnBusy } from '../../src/lanes/concurrency.js';
import {
  canStepAside,
  enter,
  type Lane,
  type LaneEntry,
  type LaneStep,
  letOn,
  MAX_ASIDE,
  MAX_WAITING,
  whyKeptOut,
} from '../../src/lanes/lane.js';

let arrived = 0;
function entry(workflowId: string, change: Partial<LaneEntry> = {}): LaneEntry {
  arrived += 1;
  return {
    ...{
      workflowId,
      state: 'waits',
      automation: 'deploy',
      kind: 'push',
      arrived,
      place: arrived,
      priority: 3,
      limit: 1,
    },
    ...{ onBusy: 'queue', skipOutdated: false },
    ...change,
  };
}
const runs = (name: string, change: Partial<LaneEntry> = {}) => entry(name, { state: 'runs', ...change });
const lane = (entries: LaneEntry[], change: Partial<Lane> = {}): Lane => ({
  ...{ paused: false, drained: false, newest: {}, entries },
  ...change,
});
/** Steps as words: `let-on a`, `supersede a by b`. */
const told = (steps: readonly LaneStep[]) =>
  steps.map((step) => `${step.kind} ${step.workflowId}${'by' in step ? ` by ${step.by}` : ''}`);

describe('a run that enters', () => {
  test('is let on while there is room, and waits behind others then', () => {
    expect(told(enter(lane([]), entry('a')))).toEqual(['let-on a']);
    expect(told(enter(lane([runs('a')]), entry('b')))).toEqual(['wait b']);
    expect(told(enter(lane([runs('a')]), entry('b', { limit: 2 })))).toEqual(['let-on b']);
  });

  test('never overtakes one that waits', () => {
    expect(told(enter(lane([runs('a'), entry('b')]), entry('c', { limit: 9 })))).toEqual(['wait c']);
  });

  test('takes the place of an older one that waits, with keep-newest', () => {
    const steps = enter(lane([runs('a'), entry('b')]), entry('c', { onBusy: 'keep-newest' }));
    expect(told(steps)).toEqual(['supersede b by c', 'wait c']);
  });

  test('also ends those that run, once, with cancel-running', () => {
    const c = entry('c', { onBusy: 'cancel-running', arrived: 1_000_000 });
    expect(told(enter(lane([runs('a'), entry('b')]), c))).toEqual(['supersede b by c', 'wait c', 'end a by c']);
    expect(told(enter(lane([runs('a', { endsFor: 'b' })]), c))).toEqual(['wait c']);
  });

  test.each(['keep-newest', 'cancel-running'] as const)(
    'supersedes neither events of another kind nor another automation, with %s',
    (onBusy) => {
      const others = [
        runs('a', { kind: 'pull_request' }),
        entry('b', { automation: 'lint' }),
        entry('c', { kind: 'tag' }),
      ];
      expect(told(enter(lane(others), entry('d', { onBusy })))).toEqual(['wait d']);
    },
  );

  test('is refused by a lane that is busy, full or drained, with the reason', () => {
    const full = Array.from({ length: MAX_WAITING }, (_, i) => entry(`w${i}`));
    const because = (steps: readonly LaneStep[]) => steps.map((step) => 'because' in step && step.because);
    expect(because(enter(lane([runs('a')]), entry('b', { onBusy: 'reject' })))).toEqual(['a runs in the lane']);
    expect(because(enter(lane(full), entry('b')))).toEqual(['100 runs wait in the lane already']);
    expect(told(enter(lane(full), entry('b', { onBusy: 'keep-newest' })))).toHaveLength(MAX_WAITING + 1);
    expect(because(enter(lane([], { drained: true }), entry('b')))[0]).toContain('being drained');
  });

  test('waits in a lane that is paused, however empty', () => {
    expect(told(enter(lane([], { paused: true }), entry('a')))).toEqual(['wait a']);
  });

  test('goes past one that has stepped aside', () => {
    expect(told(enter(lane([entry('a', { state: 'aside' })]), entry('b')))).toEqual(['let-on b']);
  });
});

describe('a run that is told late, of what is older than others,', () => {
  const at = (time: number, late?: true) => ({ happened: { at: time, ...(late && { late }) } });
  const late = (change: Partial<LaneEntry>) => entry('late', { ...at(1, true), ...change });

  test.each(['keep-newest', 'cancel-running'] as const)(
    'never begins where a newer one waits or runs, with %s',
    (onBusy) => {
      expect(told(enter(lane([runs('a', at(0)), entry('b', at(2))]), late({ onBusy })))).toEqual([
        'supersede late by b',
      ]);
      expect(told(enter(lane([runs('b', at(2))]), late({ onBusy })))).toEqual(['supersede late by b']);
    },
  );

  test.each(['keep-newest', 'cancel-running'] as const)(
    'begins where there is room, or nobody is newer, with %s',
    (onBusy) => {
      expect(told(enter(lane([runs('b', at(2))]), late({ onBusy, limit: 2 })))).toEqual(['let-on late']);
      expect(told(enter(lane([runs('a', at(0))]), late({ onBusy })))).toContain('wait late');
      expect(told(enter(lane([runs('b', { ...at(2), kind: 'tag' })]), late({ onBusy })))).toEqual(['wait late']);
    },
  );

  test('waits its turn with queue', () => {
    expect(told(enter(lane([runs('b', at(2))]), late({})))).toEqual(['wait late']);
  });

  test('is skipped after a newer one that came before it, with skipOutdated', () => {
    const b = { ...runs('b', at(2)), workflowId: 'b' };
    const one = late({ skipOutdated: true });
    const newest = { 'deploy push': b };
    expect(told(letOn(lane([one], { newest })))).toEqual(['supersede late by b']);
    expect(told(letOn(lane([entry('c', { ...at(3), skipOutdated: true })], { newest })))).toEqual(['let-on c']);
  });

  test('never begins in an empty lane after a newer one, with skipOutdated, as far as the provider tells the time', () => {
    const newest = { 'deploy push': entry('b', at(2)) };
    expect(told(enter(lane([], { newest }), late({ skipOutdated: true })))).toEqual(['supersede late by b']);
    expect(told(enter(lane([], { newest }), late({})))).toEqual(['let-on late']);
    expect(told(enter(lane([], { newest }), late({ skipOutdated: true, kind: 'tag' })))).toEqual(['let-on late']);
    const back = entry('back', { skipOutdated: true, happened: { from: 'main c', to: 'main a' } });
    const ran = { 'deploy push': entry('b', { happened: { from: 'main a', to: 'main b' } }) };
    expect(told(enter(lane([], { newest: ran }), back))).toEqual(['let-on back']);
  });
});

describe('a run with cancel-running', () => {
  const c = () => entry('c', { onBusy: 'cancel-running', limit: 2 });
  test('ends nobody while there is room', () => {
    expect(told(enter(lane([runs('a', { limit: 2 })]), c()))).toEqual(['let-on c']);
  });

  test('ends nobody in a lane that is paused', () => {
    expect(told(enter(lane([runs('a'), runs('b')], { paused: true }), c()))).toEqual(['wait c']);
  });
});

describe('a lane in which too many are aside', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => entry(`aside ${n}`, { state: 'aside' }));

  test('lets no more step aside, nor find out first whether they may enter', () => {
    expect(canStepAside(lane(many(MAX_ASIDE - 1)))).toBe(true);
    expect(whyKeptOut(lane(many(MAX_ASIDE - 1)))).toBeUndefined();
    expect(canStepAside(lane(many(MAX_ASIDE)))).toBe(false);
    expect(whyKeptOut(lane(many(MAX_ASIDE)))).toMatch(/^1000 runs have things to find out/);
  });
});

describe('those that wait', () => {
  test('are let on in the order of priority, then of their places', () => {
    const entries = [
      entry('late', { place: 9 }),
      entry('moved', { place: -1 }),
      entry('hotfix', { priority: 1, place: 8 }),
    ];
    const all = entries.map((one) => ({ ...one, limit: 3 }));
    expect(told(letOn(lane(all)))).toEqual(['let-on hotfix', 'let-on moved', 'let-on late']);
  });

  test('are let on up to the limit that each of them has now', () => {
    expect(told(letOn(lane([runs('a'), entry('b'), entry('c')])))).toEqual([]);
    expect(told(letOn(lane([runs('a'), entry('b', { limit: 2 }), entry('c', { limit: 2 })])))).toEqual(['let-on b']);
  });

  test('stay where they are while the lane is paused, and go on while it is drained', () => {
    expect(told(letOn(lane([entry('a')], { paused: true })))).toEqual([]);
    expect(told(letOn(lane([entry('a')], { drained: true })))).toEqual(['let-on a']);
  });

  test('are skipped where a newer one has run, with skipOutdated alone', () => {
    const a = entry('a', { skipOutdated: true });
    const b = entry('b');
    const newest = { 'deploy push': { arrived: b.arrived + 1, workflowId: 'c' } };
    expect(told(letOn(lane([a, b], { newest })))).toEqual(['supersede a by c', 'let-on b']);
  });

  test('are skipped where a newer one is let on in the same moment', () => {
    const a = entry('a', { skipOutdated: true, limit: 2, place: 2 });
    const b = entry('b', { skipOutdated: true, limit: 2, place: 1 });
    expect(told(letOn(lane([a, b])))).toEqual(['let-on b', 'supersede a by b']);
  });

  test.each<OnBusy>(['queue', 'keep-newest', 'cancel-running', 'reject'])('go on alike, with %s', (onBusy) => {
    expect(told(letOn(lane([entry('a', { onBusy }), entry('b', { onBusy })])))).toEqual(['let-on a']);
  });
});
