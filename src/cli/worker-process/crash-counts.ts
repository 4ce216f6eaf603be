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
  counted(): readonly Pick<RunAtWork, 'workflowId' | 'runId'>[];
}

const WEIGHT = { crashed: 1, killed: 0.5 } as const satisfies Record<Death, number>;
/** Two crashes, if no other run was there at both but those that came after it. */
const ALONE = 2;
/** Where several were, which one of them it was can't be told: after so many, all of them. */
const TOGETHER = 4;

interface Count {
  readonly workflowId: string;
  /** Of the last crash. */
  readonly begun: string;
  readonly crashes: number;
  /** At the first crash: at later ones many begin together, in any order. */
  readonly waited: boolean;
}

/**
 * Returns a count without crashes. A run that was not at work at a death loses its own: what does the harm is at work each
 * time, because Temporal gives it to the next worker at once.
 */
export function createCrashCounts(): CrashCounts {
  let counts = new Map<string, Count>();
  return {
    record(death, atWork) {
      const before = counts;
      counts = new Map();
      const again: RunAtWork[] = [];
      for (const run of atWork) {
        const { workflowId, runId, begun } = run;
        const last = before.get(runId);
        // Begun by the process before, which is what has been counted: Temporal does not know yet that it is lost.
        const isLeft = last?.begun === begun;
        const crashes = (last?.crashes ?? 0) + (isLeft ? 0 : WEIGHT[death]);
        counts.set(runId, { workflowId, begun, crashes, waited: last?.waited ?? run.waited ?? false });
        if (!isLeft) again.push(run);
      }
      const countOf = ({ runId }: RunAtWork) => counts.get(runId);
      const has = (run: RunAtWork, crashes: number) => (countOf(run)?.crashes ?? 0) >= crashes;
      const first = again.filter((run) => has(run, ALONE) && !countOf(run)?.waited);
      const aside = first.length === 1 ? first : again.filter((run) => has(run, TOGETHER));
      for (const { runId } of aside) counts.delete(runId);
      return aside;
    },
    counted: () => [...counts].map(([runId, { workflowId }]) => ({ runId, workflowId })),
  };
}
