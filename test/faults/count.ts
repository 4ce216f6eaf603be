import type { Start } from './books.js';
import type { Ledger } from './ledger.js';
import type { Sent } from './load.js';

/** A run as Temporal lists it: each of its executions by itself. */
export interface Execution {
  readonly run: string;
  readonly runId: string;
  /** RUNNING, COMPLETED, FAILED, … */
  readonly status: string;
}

/** All that is known at one moment, from every side. */
export interface Findings {
  readonly sent: ReadonlyMap<string, Sent>;
  readonly source: string;
  readonly executions: readonly Execution[];
  readonly ledger: Ledger;
  readonly starts: readonly Start[];
  /** Begun on a Temporal that has lost its memory since. */
  readonly forgotten: ReadonlySet<string>;
  /** Of which nobody could know whether they had begun, when it did. */
  readonly uncertain: ReadonlySet<string>;
}

/** What came of the deliveries: two pairs that should be equal, and numbers that should be 0. */
export interface Counts {
  readonly sent: number;
  readonly answered: number;
  /** Runs that answers with 2xx have promised. */
  readonly expected: number;
  /** Those of them that Temporal has, or had until its database was deleted. */
  readonly found: number;
  /** Runs that were executed twice, by Temporal's list or by what they wrote down. */
  readonly doubles: number;
  readonly lost: number;
  /** Runs that have not ended, and starts that still wait. */
  readonly stuck: number;
  /** Runs that ended otherwise than completed, or without each of their steps. */
  readonly wrong: number;
  /** Runs of no delivery that was sent, and starts that were given up. */
  readonly strange: number;
}

export interface Account {
  readonly counts: Counts;
  /** What is wrong, a line each; the first of each kind. */
  readonly problems: readonly string[];
}

const MAX_TOLD = 5;
/** See automations/faults.ts. */
const STEPS: Readonly<Record<string, readonly string[]>> = { single: ['only'], double: ['first', 'second'] };

/** Holds what was promised against what there is. */
export function account(findings: Findings): Account {
  const { sent, source, executions, ledger, starts, forgotten, uncertain } = findings;
  const answered = [...sent.values()].filter(({ runs }) => runs !== undefined);
  const expected = new Set(answered.flatMap(({ runs = [] }) => runs));
  const listed = new Map<string, Execution[]>();
  for (const one of executions) listed.set(one.run, [...(listed.get(one.run) ?? []), one]);

  const problems: string[] = [];
  const told = (what: string, runs: readonly string[]): number => {
    for (const run of runs.slice(0, MAX_TOLD)) problems.push(`${what}: ${run}`);
    return runs.length;
  };
  const isDone = (run: string) =>
    (STEPS[run.split('/')[0] ?? ''] ?? []).every((step) => ledger.steps.get(run)?.has(step));
  // A run that a deleted database took along may have been begun and never done; it must not have come back.
  const isFound = (run: string) => listed.has(run) || forgotten.has(run);
  const ranTwice = (run: string) =>
    (listed.get(run)?.length ?? 0) > 1 ||
    (forgotten.has(run) && listed.has(run)) ||
    (!uncertain.has(run) && (ledger.executions.get(run)?.size ?? 0) > 1);
  const keyOf = (run: string) => run.split('/').slice(2).join('/');
  const all = new Set([...listed.keys(), ...ledger.executions.keys()]);
  const notDone = [...listed.values()].flat().filter(({ status }) => status !== 'RUNNING');
  return {
    problems,
    counts: {
      sent: sent.size,
      answered: answered.length,
      expected: expected.size,
      found: [...expected].filter(isFound).length,
      doubles: told('ran twice', [...all].filter(ranTwice)),
      lost: told(
        'was promised, and is not there',
        [...expected].filter((run) => !isFound(run)),
      ),
      stuck:
        told(
          'has not ended',
          executions.filter(({ status }) => status === 'RUNNING').map(({ run }) => run),
        ) +
        told(
          'waits to be started',
          starts.filter(({ state }) => state === 'pending').map(({ run }) => run),
        ),
      wrong: told(
        'ended wrongly',
        notDone
          .filter(({ run, status }) => status !== 'COMPLETED' || !isDone(run))
          .map(({ run, status }) => `${run} ${status}`),
      ),
      strange:
        told(
          'was started by no delivery',
          [...all].filter((run) => run.split('/')[1] !== source || !sent.has(keyOf(run))),
        ) +
        told(
          'was given up',
          starts.filter(({ state }) => state === 'failed').map(({ run }) => run),
        ),
    },
  };
}

/** Whether everything is as promised: every delivery was taken in the end, each of its runs was done, and no more. */
export function isClean({ counts }: Account): boolean {
  const { sent, answered, expected, found, ...bad } = counts;
  return answered === sent && expected > 0 && found === expected && Object.values(bad).every((count) => count === 0);
}
