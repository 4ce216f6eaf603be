import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeadlock, type Standing, whyDeadlocked } from '../../src/lanes/deadlock.js';

const standing = (workflowId: string, lane: string, change: Partial<Standing> = {}): Standing => ({
  ...{ workflowId, lane, title: `lane ${lane}`, state: 'runs', isPart: false, ends: false, within: [] },
  ...change,
});
const waits = (workflowId: string, lane: string, ...within: string[]) =>
  standing(workflowId, lane, { state: 'waits', within });

const circle = [standing('p', 'a'), standing('q', 'b'), waits('p/child', 'b', 'p'), waits('q/child', 'a', 'q')];

test('two runs whose children wait in the lane of the other wait for ever, and the reason names both', () => {
  const because = whyDeadlocked('q/child', circle) ?? '';
  expect(because).toBe(
    'deadlock: this run waits in the lane lane a for p; p/child, which is part of that, waits in the lane lane b for q; and this run is part of that. Have both take the lanes in one order, or put them in one lane',
  );
  expect(isDeadlock(because)).toBe(true);
  expect(whyDeadlocked('p/child', circle)).toMatch('waits in the lane lane b for q;');
});

test('nobody waits for ever while one who has a slot may end', () => {
  const free = (...all: Standing[]) => expect(whyDeadlocked('q/child', all)).toBeUndefined();
  const [p, q, ofP, ofQ] = circle as [Standing, Standing, Standing, Standing];
  free(p, q, ofQ);
  free(p, q, ofP, ofQ, standing('r', 'a'));
  free(p, { ...q, ends: true }, ofP, ofQ);
  free(q, ofP, ofQ);
  free(p, q, { ...ofP, state: 'aside' }, ofQ);
  // Who is in the lane as a part of another frees no slot of its own.
  expect(whyDeadlocked('q/child', [...circle, standing('part', 'a', { isPart: true, within: ['p'] })])).toBeDefined();
});

test('who only waits behind others that wait for ever is not to give up', () => {
  const behind = [waits('r/child', 'a', 'r'), standing('r', 'c')];
  expect(whyDeadlocked('r/child', [...circle, ...behind])).toBeUndefined();
});

test('a way over grandchildren, and over many, is found too', () => {
  const deep = [
    standing('p', 'a'),
    standing('q', 'b'),
    waits('p/child/child', 'b', 'p/child', 'p'),
    waits('q/child', 'a', 'q'),
  ];
  expect(whyDeadlocked('p/child/child', deep)).toMatch(
    'q/child, which is part of that, waits in the lane lane a for p;',
  );
  const many = Array.from({ length: 9 }, (_, n) => [
    standing(`r${n}`, `${n}`),
    waits(`r${n}/child`, `${(n + 1) % 9}`, `r${n}`),
  ]).flat();
  expect(whyDeadlocked('r0/child', many)).toMatch('; and so on over 4 more; and this run is part of that.');
});

/** What a run does once it has a slot: has one child after the other, and waits for each. */
interface Program {
  readonly lane: number;
  readonly children: readonly Program[];
}

const LANES = 3;
const lane = fc.nat({ max: LANES - 1 });
const { program } = fc.letrec<{ program: Program }>((tie) => ({
  program: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'nesting' },
    fc.record({ lane, children: fc.constant([]) }),
    fc.record({ lane, children: fc.array(tie('program'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

interface Run {
  readonly id: string;
  readonly program: Program;
  readonly parent: Run | undefined;
  state: 'waits' | 'runs' | 'gone';
  isPart: boolean;
  next: number;
}

/** Lanes whose runs begin in the order of their arrival. */
class World {
  readonly runs: Run[] = [];
  readonly limits: readonly number[];
  /** Those that were told that they would wait for ever. */
  readonly givenUp: Run[] = [];

  /** `breaks`: who would wait for ever gives up. */
  constructor(
    limits: readonly number[],
    readonly breaks: boolean,
  ) {
    this.limits = limits;
  }

  enter(id: string, program: Program, parent?: Run): void {
    const run: Run = { id, program, parent, state: 'waits', isPart: false, next: 0 };
    run.isPart = around(run).some((other) => other.program.lane === program.lane && !other.isPart);
    if (run.isPart) run.state = 'runs';
    this.runs.push(run);
    this.#letOn();
    if (run.state !== 'waits' || whyDeadlocked(id, this.standings()) === undefined) return;
    this.givenUp.push(run);
    if (this.breaks) this.#end(run, true);
  }

  /** Has one of those go on that can, as `choice` says. Returns false if nobody can. */
  goOn(choice: number): boolean {
    const ready = this.runs.filter((run) => run.state === 'runs' && !this.#hasChild(run));
    const run = ready[choice % Math.max(1, ready.length)];
    if (!run) return false;
    const child = run.program.children[run.next++];
    if (child) this.enter(`${run.id}/${run.next}`, child, run);
    else this.#end(run, false);
    return true;
  }

  /** Ends a run. Whoever waited for one that fails fails with it. */
  #end(run: Run, fails: boolean): void {
    run.state = 'gone';
    this.#letOn();
    if (fails && run.parent) this.#end(run.parent, true);
  }

  #letOn(): void {
    for (const run of this.runs)
      if (run.state === 'waits' && this.#holders(run.program.lane) < (this.limits[run.program.lane] ?? 1))
        run.state = 'runs';
  }

  #holders(lane: number): number {
    return this.runs.filter((run) => run.state === 'runs' && !run.isPart && run.program.lane === lane).length;
  }

  #hasChild(parent: Run): boolean {
    return this.runs.some((run) => run.parent === parent && run.state !== 'gone');
  }

  standings(): Standing[] {
    return this.runs.flatMap((run) =>
      run.state === 'gone'
        ? []
        : [
            standing(run.id, `${run.program.lane}`, {
              ...{ state: run.state, isPart: run.isPart, within: around(run).map(({ id }) => id) },
            }),
          ],
    );
  }
}

function around({ parent }: Run): Run[] {
  return parent ? [parent, ...around(parent)] : [];
}

const worlds = {
  limits: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: LANES, maxLength: LANES }),
  programs: fc.array(program, { minLength: 2, maxLength: 6 }),
  schedule: fc.infiniteStream(fc.nat({ max: 1_000 })),
};

/** Has everybody come and go on until nobody can any more. */
function play(world: World, programs: readonly Program[], schedule: Iterator<number>): void {
  const left = [...programs.entries()];
  for (;;) {
    const choice: number = schedule.next().value;
    const [next] = left;
    if (next && choice % 3 === 0) {
      left.shift();
      world.enter(`r${next[0]}`, next[1]);
    } else if (!world.goOn(choice) && !next) return;
  }
}

const NUM_RUNS = 500;

test('property: where those give up that would wait for ever, everybody ends', () => {
  let circles = 0;
  const everybodyEnds = fc.property(worlds.limits, worlds.programs, worlds.schedule, (limits, programs, schedule) => {
    const world = new World(limits, true);
    play(world, programs, schedule);
    circles += world.givenUp.length;
    expect(world.standings()).toEqual([]);
  });
  fc.assert(everybodyEnds, { numRuns: NUM_RUNS });
  expect(circles).toBeGreaterThan(0);
});

test('property: who is told so would wait for ever, whatever the others do', () => {
  const isTrue = fc.property(worlds.limits, worlds.programs, worlds.schedule, (limits, programs, schedule) => {
    const world = new World(limits, false);
    play(world, programs, schedule);
    expect(world.givenUp.filter(({ state }) => state !== 'waits')).toEqual([]);
  });
  fc.assert(isTrue, { numRuns: NUM_RUNS });
});
