import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LaneBook, openLaneBook } from '../../src/store/lane-book.js';
import { INSIDE, type KnownEntry, type LaneRow } from '../../src/store/lane-rows.js';
import { aClaim } from './a-claim.js';

/** What a run does one after the other, once it has a slot. */
type Step =
  | { readonly kind: 'work' }
  /** Waits for people. */
  | { readonly kind: 'ask' }
  /** Starts a run in the same lane, and waits for its end. */
  | { readonly kind: 'child'; readonly steps: readonly Step[] }
  /** Both at once. */
  | { readonly kind: 'child and ask'; readonly steps: readonly Step[] };

const { steps } = fc.letrec<{ steps: readonly Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 3 }),
  step: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'nesting' },
    fc.constantFrom<Step>({ kind: 'work' }, { kind: 'ask' }),
    fc.record({ kind: fc.constantFrom('child', 'child and ask'), steps: tie('steps') }) as fc.Arbitrary<Step>,
  ),
}));

/** Runs in one lane, as Temporal would execute them: whoever can go on does so, in the order that a schedule says. */
class World {
  readonly #lanes = new Map<string, LaneRow>();
  readonly #entries = new Map<string, KnownEntry>();
  /** Signals that are on their way. */
  readonly #signals: string[] = [];
  readonly #letOn = new Set<string>();
  readonly #going: { readonly id: string; readonly run: Generator<() => boolean>; canGoOn: () => boolean }[] = [];
  /** Runs that have a slot, as far as they know, by the run that they are all parts of. */
  readonly working = new Map<string, Set<string>>();
  readonly ended = new Set<string>();
  #arrived = 0;

  constructor(readonly limit: number) {}

  start(id: string, program: readonly Step[], within: readonly string[] = []): void {
    this.#going.push({ id, run: this.#run(id, program, within), canGoOn: () => true });
  }

  /** Does one thing of all that can be done now, as `choice` says. Returns false if there is none. */
  goOn(choice: number): boolean {
    const ready = this.#going.filter((one) => one.canGoOn());
    const index = choice % Math.max(1, ready.length + this.#signals.length);
    const one = ready[index];
    if (!one) {
      const [signal] = this.#signals.splice(index - ready.length, 1);
      if (signal !== undefined) this.#letOn.add(signal);
      return signal !== undefined;
    }
    const { done, value } = one.run.next();
    if (done) this.#going.splice(this.#going.indexOf(one), 1);
    else one.canGoOn = value;
    return true;
  }

  left(): string[] {
    return [...this.#going.map(({ id }) => id), ...this.#entries.keys()];
  }

  *#run(id: string, program: readonly Step[], within: readonly string[]): Generator<() => boolean> {
    const root = within.at(-1) ?? id;
    const works = (does: boolean) => {
      const parts = this.working.get(root) ?? new Set();
      if (does) parts.add(id);
      else parts.delete(id);
      if (parts.size > 0) this.working.set(root, parts);
      else this.working.delete(root);
    };
    yield* this.#turn(id, (book) =>
      book.enter(
        { ...INSIDE, workflowId: id, automation: `of ${id}`, since: 0 },
        aClaim({ limit: this.limit }),
        within,
      ),
    );
    works(true);
    for (const [index, step] of program.entries()) {
      const child = `${id}/${index}`;
      if ('steps' in step) this.start(child, step.steps, [id, ...within]);
      if (step.kind === 'ask' || step.kind === 'child and ask') {
        this.#change((book) => book.stepAside(id));
        works(false);
        yield () => true;
        yield* this.#turn(id, (book) => book.stepBack(id));
        works(true);
      }
      yield () => !('steps' in step) || this.ended.has(child);
    }
    works(false);
    this.#change((book) => book.leave(id));
    this.ended.add(id);
  }

  *#turn(id: string, change: (book: LaneBook) => void): Generator<() => boolean> {
    this.#letOn.delete(id);
    const place = this.#change((book) => {
      change(book);
      return book.placeOf(id);
    });
    expect(['runs', 'waits']).toContain(place.state);
    if (place.state === 'waits') yield () => this.#letOn.has(id);
  }

  #change<T>(work: (book: LaneBook) => T): T {
    const book = openLaneBook({
      lanes: [...this.#lanes.values()],
      entries: [...this.#entries.values()],
      now: 0,
      nextArrived: () => ++this.#arrived,
    });
    const answer = work(book);
    const { lanes, entries, gone, signals } = book.changes();
    for (const lane of lanes) this.#lanes.set(lane.lane, lane);
    for (const workflowId of gone) this.#entries.delete(workflowId);
    for (const entry of entries)
      this.#entries.set(entry.workflowId, { ...entry, startState: null, startAttempts: null });
    this.#signals.push(...signals.map(({ workflowId }) => workflowId));
    return answer;
  }
}

test('runs with children that share their slot, and that ask people meanwhile, all come to an end, and never too many work', () => {
  fc.assert(
    fc.property(
      fc.array(steps, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 2 }),
      fc.infiniteStream(fc.nat({ max: 1_000 })),
      (programs, limit, schedule) => {
        const world = new World(limit);
        for (const [index, program] of programs.entries()) world.start(`run ${index}`, program);
        for (const choice of schedule) {
          if (!world.goOn(choice)) break;
          expect(world.working.size).toBeLessThanOrEqual(limit);
        }
        expect(world.left()).toEqual([]);
      },
    ),
    { numRuns: 2_000 },
  );
}, 180_000);
