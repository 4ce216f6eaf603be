import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { built } from '../../../paths.js';
import { named } from '../packing/quoted.js';
import type { FromMatchThread, MatchThreadData, ToMatchThread } from './match-protocol.js';
import type { Matcher } from './matcher.js';

/** Applies matchers that anybody may have written. */
export interface ElsewhereMatcher {
  /** Adds matchers; one of an owner takes the place of the one before. */
  add(matchers: readonly Matcher[]): void;
  /** Removes the matchers of an owner. */
  remove(owner: string): void;
  /** Returns what they find in lines that follow those before. Never rejects: a matcher that can't do it is left out. */
  match(lines: readonly string[]): Promise<FromMatchThread['found']>;
  /** Says that the step has ended: what is left has a short time, or until the signal. */
  hurry(stop: AbortSignal): void;
  end(): Promise<void>;
}

/** How matchers are bounded. */
export interface MatchLimits {
  /** For one expression on one line, in milliseconds: the machine may be busy. */
  readonly stuckMs: number;
  /** For all lines of a step together, and for those that are left when it has ended, in milliseconds. */
  readonly wholeMs: number;
  readonly afterMs: number;
  /** Of the thread. */
  readonly memoryMb: number;
}

const DEFAULTS: MatchLimits = { stuckMs: 4_000, wholeMs: 60_000, afterMs: 10_000, memoryMb: 64 };
const MOST_MATCHERS = 50;
/** In characters: of a line, and of the lines that are handed over at once. */
const LONGEST_LINE = 2_000;

/**
 * Returns what runs matchers in a thread of its own, which starts when there is the first one. An expression that takes too long
 * for a line ends with its thread; the others go on in another. All end with the time that they have together. `note`: says in words
 * what was left out.
 */
export function createElsewhereMatcher(
  note: (text: string) => void,
  { stuckMs, wholeMs, afterMs, memoryMb }: MatchLimits = DEFAULTS,
): ElsewhereMatcher {
  let matchers: readonly Matcher[] = [];
  let thread: { readonly worker: Worker; readonly progress: Int32Array } | undefined;

  let spentMs = 0;
  let isOver = false;
  let isStopped = () => false;

  const tell = (worker: Worker, message: ToMatchThread) => worker.postMessage(message);

  const started = () => {
    if (thread) return thread;
    const progress = new SharedArrayBuffer(8);
    const worker = new Worker(built('activities/job/problems/match-thread.js'), {
      name: 'problem matchers',
      workerData: { progress } satisfies MatchThreadData,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    worker.unref();
    worker.on('error', () => undefined);
    thread = { worker, progress: new Int32Array(progress) };
    tell(worker, { kind: 'matchers', matchers });
    return thread;
  };

  const stop = async () => {
    const { worker } = thread ?? {};
    thread = undefined;
    await worker?.terminate();
  };

  const changed = () => {
    if (thread) tell(thread.worker, { kind: 'matchers', matchers });
  };

  const leaveAllOut = async () => {
    const owners = matchers
      .slice(0, 5)
      .map(({ owner }) => named(owner))
      .join(', ');
    isOver = true;
    matchers = [];
    await stop();
    note(`problem matchers take too long: from here on these are left out: ${owners}`);
  };

  return {
    hurry(signal) {
      const by = performance.now() + afterMs;
      isStopped = () => signal.aborted || performance.now() >= by;
    },
    add(added) {
      if (isOver) return;
      const owners = added.map(({ owner }) => owner);
      const all = [...matchers.filter(({ owner }) => !owners.includes(owner)), ...added];
      if (all.length > MOST_MATCHERS) note(`more than ${MOST_MATCHERS} problem matchers: the others are left out`);
      matchers = all.slice(0, MOST_MATCHERS);
      changed();
    },
    remove(owner) {
      matchers = matchers.filter((each) => each.owner !== owner);
      changed();
    },
    async match(lines) {
      if (matchers.length === 0 || lines.length === 0) return [];
      const began = performance.now();
      const isLate = () => isStopped() || spentMs + performance.now() - began >= wholeMs;
      if (isLate()) {
        await leaveAllOut();
        return [];
      }
      const { worker, progress } = started();
      const done = new AbortController();
      const answered = once(worker, 'message', { signal: done.signal }).then(([answer]) => answer as FromMatchThread);
      const gone = once(worker, 'exit', { signal: done.signal }).then(() => 'gone' as const);
      const stuck = untilStuck(progress, { stuckMs, isLate, signal: done.signal });
      try {
        tell(worker, { kind: 'lines', lines: lines.map((line) => line.slice(0, LONGEST_LINE)) });
        const answer = await Promise.race([answered, gone, stuck]);
        if (typeof answer === 'object') return answer.found;
        if (answer === 'late') {
          await leaveAllOut();
          return [];
        }
        const guilty = matchers[Atomics.load(progress, 0)];
        await stop();
        matchers = matchers.filter((each) => each !== guilty);
        const why = answer === 'gone' ? 'takes too much memory' : 'takes too long for a line';
        note(`problem matcher ${named(guilty?.owner ?? '')} ${why}: it is left out from here on`);
        return [];
      } catch (error) {
        await stop();
        matchers = [];
        note(`problem matchers can't be used: ${(error as Error).message}`);
        return [];
      } finally {
        spentMs += performance.now() - began;
        done.abort();
        // Their rejections by the signal are nobody's.
        for (const each of [answered, gone]) each.catch(() => undefined);
      }
    },
    end: stop,
  };
}

/**
 * Resolves when nothing has ended for so long, or it is too late for all. As long as the thread starts, which may take
 * seconds on a busy machine, no matcher is at work.
 */
function untilStuck(
  progress: Int32Array,
  { stuckMs, isLate, signal }: { stuckMs: number; isLate: () => boolean; signal: AbortSignal },
): Promise<'stuck' | 'late'> {
  return new Promise((resolve) => {
    let [last, since] = [Atomics.load(progress, 1), performance.now()];
    const watch = setInterval(
      () => {
        const now = Atomics.load(progress, 1);
        if (isLate()) resolve('late');
        else if (now === 0 || now !== last) [last, since] = [now, performance.now()];
        else if (performance.now() - since >= stuckMs) resolve('stuck');
      },
      Math.min(250, stuckMs / 2),
    );
    signal.addEventListener('abort', () => clearInterval(watch), { once: true });
  });
}
