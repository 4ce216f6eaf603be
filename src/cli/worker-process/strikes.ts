/** A run that a worker process was at work on when it died. */
export interface Suspect {
  readonly workflowId: string;
  readonly runId: string;
  /** The workflow type. */
  readonly automation: string;
  /** What the process did for it: `workflow code`, or an activity's name. */
  readonly at: string;
  /** When that was begun, by Temporal's clock: tells one attempt from the next. */
  readonly begun: string;
}

/** How a worker process died. Others may have killed it: that says less about its runs than a crash does. */
export type Death = 'crashed' | 'killed';

/** Counts for which runs a worker process has died again and again. */
export interface Strikes {
  /** Returns the runs to set aside after another death, with whose suspects. */
  record(death: Death, suspects: readonly Suspect[]): readonly Suspect[];
}

const WEIGHT = { crashed: 1, killed: 0.5 } as const satisfies Record<Death, number>;
/** Two crashes, if no other run was there at both. */
const ALONE = 2;
/** Where several were, which one of them it was can't be told: after so many, all of them. */
const TOGETHER = 4;

/**
 * Returns a count without strikes. A run that was not at work at a death loses its own: what does the harm is at work each
 * time, because Temporal gives it to the next worker at once.
 */
export function createStrikes(): Strikes {
  let counts = new Map<string, { readonly begun: string; readonly strikes: number }>();
  return {
    record(death, suspects) {
      const before = counts;
      counts = new Map();
      const again: Suspect[] = [];
      for (const suspect of suspects) {
        const { runId, begun } = suspect;
        const last = before.get(runId);
        // Begun by the process before, which is what has been counted: Temporal does not know yet that it is lost.
        const isLeft = last?.begun === begun;
        counts.set(runId, { begun, strikes: (last?.strikes ?? 0) + (isLeft ? 0 : WEIGHT[death]) });
        if (!isLeft) again.push(suspect);
      }
      const strikesOf = ({ runId }: Suspect) => counts.get(runId)?.strikes ?? 0;
      const struck = again.filter((suspect) => strikesOf(suspect) >= ALONE);
      const limit = struck.length === 1 ? ALONE : TOGETHER;
      const aside = struck.filter((suspect) => strikesOf(suspect) >= limit);
      for (const { runId } of aside) counts.delete(runId);
      return aside;
    },
  };
}
