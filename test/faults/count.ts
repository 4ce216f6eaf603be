import type { Place, Start } from './books.js';
import type { Ledger } from './ledger.js';
import type { Sent } from './load.js';
import { mostAtOnce, type Span } from './spans.js';

/** A run as Temporal lists it: each of its executions by itself. */
export interface Execution extends Span {
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
  readonly places: readonly Place[];
  /** Begun on a Temporal that has lost its memory since. */
  readonly forgotten: ReadonlySet<string>;
  /** Of which nobody could know whether they had begun, when it did. */
  readonly uncertain: ReadonlySet<string>;
}

/** What came of the deliveries: two pairs that should be equal, and numbers that should be 0. */
export interface Counts {
  readonly sent: number;
  readonly answered: number;
  /** Runs that answers with 2xx have promised, but for those that a newer one has taken the place of. */
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
  /** Lanes in which more runs were open at once than they let. */
  readonly 'lanes over limit': number;
  /** Lanes in which somebody still waits. */
  readonly 'lanes stuck': number;
}

export interface Account {
  readonly counts: Counts;
  /** What is wrong, a line each; the first of each kind. */
  readonly problems: readonly string[];
}

const MAX_TOLD = 5;
/** See automations/faults.ts and automations/lanes.ts. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  single: ['only'],
  double: ['first', 'second'],
  queued: ['only'],
  paired: ['only'],
  newest: ['only'],
};
/** How many runs of a lane may be open at once, by their automation. */
const LIMITS: Readonly<Record<string, number>> = { queued: 1, paired: 2, newest: 1 };
/** The one whose runs never begin where a newer one waits. */
const NEWEST = 'newest';

/** Holds what was promised against what there is. */
export function account(findings: Findings): Account {
  const { sent, source, executions, ledger, starts, places, forgotten, uncertain } = findings;
  const answered = [...sent.values()].filter(({ runs }) => runs !== undefined);
  const replaced = new Set(places.flatMap((one) => (isReplaced(one) ? [one.run] : [])));
  const expected = new Set(answered.flatMap(({ runs = [] }) => runs).filter((run) => !replaced.has(run)));
  const listed = new Map<string, Execution[]>();
  for (const one of executions) listed.set(one.run, [...(listed.get(one.run) ?? []), one]);

  const problems: string[] = [];
  const told = (what: string, runs: readonly string[]): number => {
    for (const run of runs.slice(0, MAX_TOLD)) problems.push(`${what}: ${run}`);
    return runs.length;
  };
  const isDone = (run: string) => (STEPS[automationOf(run)] ?? []).every((step) => ledger.steps.get(run)?.has(step));
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
      wrong:
        told(
          'ended wrongly',
          notDone
            .filter(({ run, status }) => status !== 'COMPLETED' || !isDone(run))
            .map(({ run, status }) => `${run} ${status}`),
        ) +
        told(
          'ran, though another has taken its place',
          [...all].filter((run) => replaced.has(run)),
        ) +
        told(
          'was refused by its lane',
          places
            .filter((one) => one.state === 'refused' || (one.state === 'superseded' && !isReplaced(one)))
            .map(({ run, because, by }) => `${run} ${because ?? by}`),
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
      'lanes over limit': told('has more runs at once than it lets', overLimit(executions, sent)),
      'lanes stuck': told('has somebody who waits', [
        ...new Set(places.flatMap(({ state, lane }) => (state === 'waits' ? [lane] : []))),
      ]),
    },
  };
}

/** Whether everything is as promised: every delivery was taken in the end, each of its runs was done, and no more. */
export function isClean({ counts }: Account): boolean {
  const { sent, answered, expected, found, ...bad } = counts;
  return answered === sent && expected > 0 && found === expected && Object.values(bad).every((count) => count === 0);
}

function isReplaced({ run, state, by }: Place): boolean {
  return state === 'superseded' && by !== null && automationOf(run) === NEWEST;
}

function automationOf(run: string): string {
  return run.split('/')[0] ?? '';
}

/** Returns the lanes, by automation and branch, in which more runs were open at one moment than may be. */
function overLimit(executions: readonly Execution[], sent: Findings['sent']): string[] {
  const lanes = new Map<string, Execution[]>();
  for (const one of executions) {
    const automation = automationOf(one.run);
    const branch = sent.get(one.run.split('/').slice(2).join('/'))?.branch;
    if (LIMITS[automation] === undefined || branch === undefined) continue;
    const lane = `${automation} ${branch}`;
    lanes.set(lane, [...(lanes.get(lane) ?? []), one]);
  }
  return [...lanes].flatMap(([lane, spans]) => {
    const most = mostAtOnce(spans);
    const limit = LIMITS[lane.split(' ')[0] ?? ''] ?? 0;
    return most > limit ? [`${lane}: ${most} of ${limit}`] : [];
  });
}
