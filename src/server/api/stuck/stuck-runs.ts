import type { WorkflowExecutionInfo } from '@temporalio/client';
import { runUrl } from '../../../runs/url.js';
import type { StuckRun, StuckRunsAnswer } from '../contract.js';
import { temporalAway } from '../temporal-away.js';
import { type Candidates, type CandidatesDeps, newest, newestOpen, STUCK_AMONG } from './candidates.js';
import { lookAtAside, lookAtEach, lookAtOpen, type NamedRun, type StuckOpenRun, type ToldRun } from './look-at-run.js';

/** What {@link listStuckRuns} asks. */
export interface StuckRunsDeps extends CandidatesDeps {
  readonly uiUrl: string | undefined;
  /** What has been found of older runs, where somebody goes through them. */
  readonly rounds?: FoundInRounds | undefined;
}

/** What somebody has found who goes through all runs that may be stuck. */
export interface FoundInRounds {
  /** Those that this round has found, and the last one. They may have gone on since. */
  found(): { readonly open: readonly NamedRun[]; readonly aside: readonly NamedRun[] };
  /** Whether it has been through all of them, and remembers all that it found: what it has not found has gone on then. */
  isWhole(): boolean;
}

const DEADLINE_MS = 8_000;

/**
 * Lists the runs that don't go on by themselves: those that Temporal reports problems of, those with an activity that fails
 * again and again, and those that were set aside and not replayed since. Throws {@link HttpError} with 503 when Temporal
 * does not answer.
 */
export async function listStuckRuns(deps: StuckRunsDeps): Promise<StuckRunsAnswer> {
  const { client, uiUrl } = deps;
  const shown = (run: ToldRun, why: Pick<StuckRun, 'because' | 'helps'>): StuckRun => {
    const { workflowId, runId, type, startTime } = run;
    const url = runUrl(uiUrl, { namespace: client.options.namespace, workflowId, runId });
    return { run: workflowId, automation: type, since: startTime.toISOString(), ...why, ...(url && { url }) };
  };
  const list = async () => {
    const open = await openStuckRuns(deps);
    const aside = await setAsideRuns(deps);
    return {
      runs: [
        ...open.found.map(({ run, because, helps }) => shown(run, { because, helps })),
        ...aside.found.map(({ run, because }) => shown(run, { because, helps: RERUN_IT })),
      ],
      complete: open.complete && aside.complete,
    };
  };
  try {
    return await client.withDeadline(Date.now() + DEADLINE_MS, list);
  } catch (error) {
    throw temporalAway(error);
  }
}

const RERUN_IT = 'correct the automation, then npx hookyard rerun <run>';

/** What was found among the runs that were looked at. */
interface Found<T> {
  readonly found: readonly T[];
  /** False if there are more than were looked at. */
  readonly complete: boolean;
}

const NONE: Found<StuckOpenRun> = { found: [], complete: true };

/** Returns the open runs whose code Temporal tries again and again: it lists them, however many others are open. */
export async function failingRuns(deps: StuckRunsDeps): Promise<Found<StuckOpenRun>> {
  const which = `${STUCK_AMONG.open} AND TemporalReportedProblems IS NOT NULL`;
  return lookedAt(await newest(deps, which), lookAtOpen(deps.client));
}

/**
 * Returns the open runs that do not go on by themselves, each once: those of {@link failingRuns}, of the newest those that have
 * an activity which fails again and again, and what has been found of older ones.
 */
export async function openStuckRuns(deps: StuckRunsDeps): Promise<Found<StuckOpenRun>> {
  const young = await newestOpen(deps);
  // Where these are all, those whose code fails are among them.
  const failing = young.complete ? NONE : await failingRuns(deps);
  const looked = await lookedAt(young, lookAtOpen(deps.client));
  const older = unlessAmong(deps.rounds?.found().open, [...young.runs, ...failing.found.map(({ run }) => run)]);
  const still = await lookAtEach(older, lookAtOpen(deps.client));
  const seen = new Set(failing.found.map(({ run }) => run.runId));
  const isWhole = deps.rounds?.isWhole() ?? false;
  return {
    found: [...failing.found, ...looked.found.filter(({ run }) => !seen.has(run.runId)), ...still],
    complete: isWhole || (failing.complete && young.complete),
  };
}

async function setAsideRuns(deps: StuckRunsDeps) {
  const { client, rounds } = deps;
  const look = lookAtAside(client);
  const young = await newest(deps, STUCK_AMONG.aside);
  const { found, complete } = await lookedAt(young, look);
  const still = await lookAtEach(unlessAmong(rounds?.found().aside, young.runs), async ({ workflowId, runId }) =>
    look(await client.workflow.getHandle(workflowId, runId).describe()),
  );
  return { found: [...found, ...still], complete: complete || (rounds?.isWhole() ?? false) };
}

function unlessAmong(runs: readonly NamedRun[] = [], known: readonly NamedRun[]): readonly NamedRun[] {
  const ids = new Set(known.map(({ runId }) => runId));
  return runs.filter(({ runId }) => !ids.has(runId));
}

async function lookedAt<T>(
  { runs, complete }: Candidates,
  look: (run: WorkflowExecutionInfo) => Promise<T | undefined>,
): Promise<Found<T>> {
  return { found: await lookAtEach(runs, look), complete };
}
