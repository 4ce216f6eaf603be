import type { WorkflowExecutionInfo } from '@temporalio/client';
import { listCandidates, mostOf, STUCK_AMONG } from './candidates.js';
import { lookAtAside, lookAtEach, lookAtOpen, type NamedRun } from './look-at-run.js';
import type { FoundInRounds, StuckRunsDeps } from './stuck-runs.js';

/** Goes through all runs that may be stuck, so many at each look, and remembers which are. */
export interface StuckRounds extends FoundInRounds {
  /** Looks at the next ones, and begins anew after the last. Rejects when Temporal does not answer. */
  look(): Promise<void>;
  /** Whether a round has begun and is not over. */
  isUnderWay(): boolean;
}

/** What {@link createStuckRounds} works with. */
export interface StuckRoundsDeps extends Omit<StuckRunsDeps, 'rounds'> {
  /** Runs of one kind that are remembered, 200 by default: whoever has more to look after does not begin with the oldest. */
  readonly mostKept?: number;
}

const MAX_KEPT = 200;

/** Creates what goes through the open runs and those that were terminated, from the newest to the oldest. */
export function createStuckRounds(deps: StuckRoundsDeps): StuckRounds {
  const open = createRound(deps, { which: STUCK_AMONG.open, look: lookAtOpen(deps.client) });
  const aside = createRound(deps, { which: STUCK_AMONG.aside, look: lookAtAside(deps.client) });
  return {
    async look() {
      await open.look();
      await aside.look();
    },
    isUnderWay: () => open.isUnderWay() || aside.isUnderWay(),
    isWhole: () => open.isWhole() && aside.isWhole(),
    found: () => ({ open: open.found(), aside: aside.found() }),
  };
}

/** What is gone through, and what says whether a run of it is stuck. */
interface Among {
  readonly which: string;
  readonly look: (run: WorkflowExecutionInfo) => Promise<object | undefined>;
}

function createRound(deps: StuckRoundsDeps, { which, look }: Among) {
  let rest: AsyncIterator<WorkflowExecutionInfo> | undefined;
  /** What is to be looked at next, where that failed. */
  let page: Page | undefined;
  let last: ReadonlyMap<string, NamedRun> = new Map();
  let now = new Map<string, NamedRun>();
  let isWhole = false;
  /** Whether this round has found more than are remembered. */
  let hasMore = false;
  const mostKept = deps.mostKept ?? MAX_KEPT;
  const next = async (): Promise<Page> => {
    rest ??= listCandidates(deps, which)[Symbol.asyncIterator]();
    const runs: WorkflowExecutionInfo[] = [];
    while (runs.length < mostOf(deps)) {
      const { done, value } = await rest.next();
      if (done) return { runs, isLast: true };
      runs.push(value);
    }
    return { runs, isLast: false };
  };
  return {
    isUnderWay: () => rest !== undefined,
    isWhole: () => isWhole,
    found: () => [...new Map([...last, ...now]).values()],
    async look() {
      page ??= await next().catch((error: unknown) => {
        // What lists them has ended with its error.
        rest = undefined;
        throw error;
      });
      const stuck = await lookAtEach(page.runs, async (run) => ((await look(run)) ? run : undefined));
      for (const { workflowId, runId } of stuck) {
        if (now.size < mostKept) now.set(runId, { workflowId, runId });
        else hasMore = true;
      }
      if (page.isLast) {
        isWhole = !hasMore;
        hasMore = false;
        last = now;
        now = new Map();
        rest = undefined;
      }
      page = undefined;
    },
  };
}

interface Page {
  readonly runs: readonly WorkflowExecutionInfo[];
  /** Whether there are no older ones. */
  readonly isLast: boolean;
}
