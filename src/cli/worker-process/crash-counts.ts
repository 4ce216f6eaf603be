/** A run that a worker process was at work on when it died. */
export interface RunAtWork {
  readonly workflowId: string;
  readonly runId: string;
  /** The workflow type. */
  readonly automation: string;
  /** What the process did for it: `workflow code`, or an activity's name. */
  readonly at: string;
  /** When that was begun, by Temporal's clock: tells one attempt from the next. */
  readonly begun: string;
  /** Whether another run's code was begun before it: there is one thread for all, and most probably the other had it. */
  readonly waited?: true;
}

/** How a worker process died. Others may have killed it: that says less about its runs than a crash does. */
export type Death = 'crashed' | 'killed';

/** Counts for which runs a worker process has died again and again. */
export interface CrashCounts {
  /** Returns the runs to set aside after another death. `atWork`: what the process was at work on. */
  record(death: Death, atWork: readonly RunAtWork[]): readonly RunAtWork[];
  /** Returns the runs that have been counted: of these the next death wants to know, however many others are open. */
  counted(): readonly Pick<RunAtWork, 'workflowId' | 'runId' | 'begun'>[];
}

const WEIGHT = { crashed: 1, killed: 0.5 } as const satisfies Record<Death, number>;
/** Two crashes at which it was the one that had the thread, if that is true of no other run. */
const ALONE = 2;
/** So many crashes, if no other run was there as often, or none had the thread as often. */
const ALWAYS_THERE = 4;
/** Where which one of several it was can't be told: after so many, all of them. */
const TOGETHER = 8;

interface Count {
  readonly workflowId: string;
  /** Of the last crash. */
  readonly begun: string;
  readonly crashes: number;
  /** Those of the crashes at which it did not wait behind another run. */
  readonly firsts: number;
}

/**
 * Returns a count without crashes. A run that was not at work at a death loses its own: what does the harm is at work each
 * time, because Temporal gives it to the next worker at once. Runs that wait behind it are there each time too, and after a
 * restart many begin together: no run is set aside with another while one of them can be told from the rest.
 */
export function createCrashCounts(): CrashCounts {
  let counts = new Map<string, Count>();
  return {
    record(death, atWork) {
      const before = counts;
      counts = new Map();
      const again: (RunAtWork & Count)[] = [];
      for (const run of atWork) {
        const { workflowId, runId, begun } = run;
        const last = before.get(runId);
        // Begun by the process before, which is what has been counted: Temporal does not know yet that it is lost.
        const isLeft = last?.begun === begun;
        const weight = isLeft ? 0 : WEIGHT[death];
        const crashes = (last?.crashes ?? 0) + weight;
        const firsts = (last?.firsts ?? 0) + (run.waited ? 0 : weight);
        counts.set(runId, { workflowId, begun, crashes, firsts });
        if (!isLeft) again.push({ ...run, crashes, firsts });
      }
      const aside = toSetAside(again);
      for (const { runId } of aside) counts.delete(runId);
      const gone = new Set(aside.map(({ runId }) => runId));
      return atWork.filter(({ runId }) => gone.has(runId));
    },
    counted: () => [...counts].map(([runId, { workflowId, begun }]) => ({ runId, workflowId, begun })),
  };
}

function toSetAside<R extends Count>(runs: readonly R[]): readonly R[] {
  const first = runs.filter(({ firsts }) => firsts >= ALONE);
  if (first.length === 1) return first;
  const there = runs.filter(({ crashes }) => crashes >= ALWAYS_THERE);
  const most = Math.max(...there.map(({ firsts }) => firsts));
  const likeliest = there.filter(({ firsts }) => firsts === most);
  return likeliest.length === 1 ? likeliest : runs.filter(({ crashes }) => crashes >= TOGETHER);
}
