import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  begun,
  carefulMsAfter,
  type Death,
  ended,
  isLoneKill,
  type Life,
  lessonOf,
} from '../../../../src/cli/processes/blame/life.js';
import { CODE, type Piece } from '../../../../src/worker/work-notes.js';

const BORN: Life = {
  host: 'here',
  pid: 1,
  started: 'now',
  since: 0,
  carefulMs: 90_000,
  afterDeath: true,
};
const codeOf = (workflowId: string): Piece => ({ workflowId, at: CODE });
const stepOf = (workflowId: string): Piece => ({ workflowId, at: 'build', id: '1' });

test('the one piece that was at work at a death is blamed', () => {
  expect(lessonOf(begun(BORN, codeOf('loops')))).toEqual({ blamed: codeOf('loops') });
  expect(lessonOf(begun(BORN, stepOf('exits')))).toEqual({ blamed: stepOf('exits') });
});

test('nobody is blamed for a death at which nothing was at work, or what was has ended', () => {
  expect(lessonOf(BORN)).toEqual({});
  expect(lessonOf(ended(begun(BORN, codeOf('one')), codeOf('one')))).toEqual({});
});

test('of the code of one run and the activity of another nobody is blamed: nothing is begun beside an activity after that', () => {
  const both = begun(begun(BORN, codeOf('one')), stepOf('exits'));
  expect(lessonOf(both, 'crashed')).toEqual({ spared: stepOf('exits'), isUnclear: true });
  expect(lessonOf(ended(both, codeOf('one')), 'crashed')).toEqual({ blamed: stepOf('exits') });
  expect(lessonOf(ended(both, stepOf('exits')), 'crashed')).toEqual({ blamed: codeOf('one') });
});

test('a run whose code and activity were at work is alone', () => {
  expect(lessonOf(begun(begun(BORN, codeOf('one')), stepOf('one'))).blamed).toEqual(stepOf('one'));
});

test('a process is careful for longer than what lay between two deaths, but not after a rare one', () => {
  const minutes = (count: number) => count * 60_000;
  expect(carefulMsAfter({ since: 0, afterDeath: false }, minutes(10))).toBe(90_000);
  expect(carefulMsAfter({ since: 0, afterDeath: true }, 5_000)).toBe(90_000);
  expect(carefulMsAfter({ since: 0, afterDeath: true }, minutes(10))).toBe(minutes(20));
  expect(carefulMsAfter({ since: 0, afterDeath: true }, minutes(60))).toBe(90_000);
});

test('of several activities that were at work nobody is blamed, and each ends for itself', () => {
  const [one, two] = [stepOf('one'), stepOf('two')];
  const both = begun(begun(BORN, one), two);
  expect(lessonOf(both, 'crashed').blamed).toBeUndefined();
  expect(lessonOf(ended(both, one), 'crashed').blamed).toEqual(two);
  expect(lessonOf(ended(both, two), 'crashed').blamed).toEqual(one);
  expect(lessonOf(ended(ended(both, one), two), 'crashed')).toEqual({});
});

const young = { jobs: 0, own: 0, oldMs: 10_000 };
const old = { jobs: 0, own: 0, oldMs: 90_000 };
test.each([
  ['crashed', young, 'blamed'],
  ['crashed', { ...young, jobs: 1, own: 1 }, 'blamed'],
  ['crashed', old, 'blamed'],
  ['crashed', { ...old, own: 1 }, 'spared'],
  ['crashed', { ...old, jobs: 1 }, 'spared'],
  ['killed', young, 'blamed'],
  ['killed', { ...young, own: 1 }, 'blamed'],
  ['killed', { ...young, jobs: 1 }, 'spared'],
  ['killed', old, 'spared'],
  ['held', { ...old, jobs: 1, own: 1 }, 'blamed'],
  [undefined, young, 'blamed'],
  [undefined, old, 'spared'],
] as const)(
  'of a process that %s, with %o, the one activity that was at work is %s',
  (death, { oldMs, ...beside }, what) => {
    const step = { ...stepOf('one'), since: 1_000 };
    const life = { ...begun(BORN, step), beside, seenAt: 1_000 + oldMs };
    expect(lessonOf(life, death)).toEqual({ [what]: step });
  },
);

/** What may happen next in a process: a piece of a run begins, beside others where that may be, or ends, or what does harm kills it. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('code', 'step'), run: fc.nat(5), late: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('codeEnds', 'stepEnds', 'dies') }) },
);

test('whatever comes in which order, nobody is set aside but who does harm, and no two deaths in a row leave it unclear who that is', () => {
  const world = fc.record({
    /** Of the code, and of the activity, of six runs. */
    harmful: fc.array(fc.constantFrom('none', 'none', 'code', 'step'), { minLength: 6, maxLength: 6 }),
    happenings: fc.array(happening, { maxLength: 300 }),
  });
  fc.assert(
    fc.property(world, ({ harmful, happenings }) => {
      const doesHarm = (piece: Piece | undefined) =>
        piece !== undefined && harmful[Number(piece.workflowId)] === (piece.at === CODE ? 'code' : 'step');
      const deaths = new Map<string, number>();
      const aside = new Set<string>();
      let life = BORN;
      /** Whether this process begins nothing beside an activity. */
      let isStrict = false;
      for (const event of happenings) {
        const { code, step, older = [] } = life;
        if (event.kind === 'dies') {
          if (![code, step, ...older].some(doesHarm)) continue;
          const { blamed, isUnclear = false } = lessonOf(life, 'crashed');
          expect(isStrict && isUnclear).toBe(false);
          expect(blamed !== undefined).toBe(!isUnclear);
          if (blamed) deaths.set(blamed.workflowId, (deaths.get(blamed.workflowId) ?? 0) + 1);
          if (blamed && deaths.get(blamed.workflowId) === 2) aside.add(blamed.workflowId);
          life = BORN;
          isStrict = isUnclear;
        } else if ('run' in event) {
          const run = String(event.run);
          const beside = event.late && !isStrict;
          if (aside.has(run)) continue;
          if (event.kind === 'code' && !code && (!step || beside)) life = begun(life, codeOf(run));
          if (event.kind === 'step' && !code && (!step || beside)) life = begun(life, stepOf(run));
        } else {
          const piece = event.kind === 'codeEnds' ? code : step;
          // What does harm takes its process with it.
          if (piece && !doesHarm(piece)) life = ended(life, piece);
        }
      }
      for (const run of aside) expect(harmful[Number(run)]).not.toBe('none');
    }),
    { numRuns: 2_000 },
  );
});

test.each<[Death | undefined, boolean, number, boolean]>([
  ['killed', false, 5, true],
  [undefined, false, 5, true],
  ['killed', true, 60 * 60, true],
  ['killed', true, 60, false],
  ['crashed', false, 5, false],
  ['held', false, 5, false],
])(
  'a process that was %s (after another death: %s, having lived %i s) is no reason to be careful: %s',
  (death, afterDeath, livedS, lone) => {
    const now = Date.now();
    expect(isLoneKill({ since: now - livedS * 1_000, afterDeath }, death, now)).toBe(lone);
  },
);
