import { type Client, isGrpcServiceError, type WorkflowExecutionInfo, WorkflowNotFoundError } from '@temporalio/client';
import { mapAtOnce } from '../../../async/at-once.js';
import { ofTaskQueue, queryText } from '../../../runs/query-text.js';
import { SET_ASIDE } from '../../../runs/set-aside.js';
import { runUrl } from '../../../runs/url.js';
import { askVisibility } from '../ask-visibility.js';
import type { StuckRun, StuckRunsAnswer } from '../contract.js';
import { temporalAway } from '../temporal-away.js';
import { type WhyStuck, whyStuck } from './why-stuck.js';

/** What {@link listStuckRuns} asks. */
export interface StuckRunsDeps {
  readonly client: Client;
  readonly taskQueue: string;
  readonly uiUrl: string | undefined;
  /** What has been found of older runs, where somebody goes through them. */
  readonly rounds?: FoundInRounds | undefined;
  /** How many are looked at each time. */
  readonly most?: number;
}

/** A run by its ids. */
export interface NamedRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** What somebody has found who goes through all runs that may be stuck. */
export interface FoundInRounds {
  /** Those that this round has found, and the last one. They may have gone on since. */
  found(): { readonly open: readonly NamedRun[]; readonly aside: readonly NamedRun[] };
  /** Whether it has been through all of them, and remembers all that it found: what it has not found has gone on then. */
  isWhole(): boolean;
}

/** A run as a list of Temporal's and a look at it both tell it. */
export type ToldRun = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'type' | 'startTime'>;

/** A run that is open and does not go on by itself. */
export interface StuckOpenRun extends WhyStuck {
  readonly run: ToldRun;
}

/** Runs that are looked at each time, of the open ones and of those that were terminated: the newest. */
const MAX_RUNS = 200;
/** Runs of one page of a list whose beginning is mostly enough. */
const PAGE = 50;
const AT_ONCE = 16;
/** So often each list and each count is asked for at most: whether runs were replayed takes a count for each. */
const MAX_TRIES = 12;
const DEADLINE_MS = 8_000;
/** `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT` of Temporal's API. */
const CLOSE_EVENT = 2;
/** gRPC's status code. */
const NOT_FOUND = 5;

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
  return lookedAt(await newest(deps, which), lookAtOpen(deps));
}

/**
 * Returns the open runs that do not go on by themselves, each once: those of {@link failingRuns}, of the newest those that have
 * an activity which fails again and again, and what has been found of older ones.
 */
export async function openStuckRuns(deps: StuckRunsDeps): Promise<Found<StuckOpenRun>> {
  const young = await newestOpen(deps);
  // Where these are all, those whose code fails are among them.
  const failing = young.complete ? NONE : await failingRuns(deps);
  const looked = await lookedAt(young, lookAtOpen(deps));
  const older = unlessAmong(deps.rounds?.found().open, [...young.runs, ...failing.found.map(({ run }) => run)]);
  const still = await lookAtEach(older, lookAtOpen(deps));
  const seen = new Set(failing.found.map(({ run }) => run.runId));
  const isWhole = deps.rounds?.isWhole() ?? false;
  return {
    found: [...failing.found, ...looked.found.filter(({ run }) => !seen.has(run.runId)), ...still],
    complete: isWhole || (failing.complete && young.complete),
  };
}

/** Which runs may be stuck, as Temporal is asked for them. */
export const STUCK_AMONG = { open: `ExecutionStatus = 'Running'`, aside: `ExecutionStatus = 'Terminated'` } as const;

/** Returns what says why an open run does not go on; undefined for one that does, or has ended. */
export function lookAtOpen({ client }: StuckRunsDeps) {
  return async ({ workflowId, runId }: NamedRun): Promise<StuckOpenRun | undefined> => {
    const run = await client.workflow.getHandle(workflowId, runId).describe();
    // What Temporal has noted stays there when a run has ended.
    const why = run.status.name === 'RUNNING' ? await whyStuck(client, run) : undefined;
    return why && { run, ...why };
  };
}

/** Returns what says why a run was set aside; undefined for one that was not, or was replayed. */
export function lookAtAside({ client }: StuckRunsDeps) {
  return async (run: ToldRun) => {
    const because = await whySetAside(client, run);
    return because === undefined || (await wasReplayed(client, run)) ? undefined : { run, because };
  };
}

async function setAsideRuns(deps: StuckRunsDeps) {
  const { client, rounds } = deps;
  const look = lookAtAside(deps);
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

/** Runs that are looked at, of a list. */
interface Listed {
  readonly runs: readonly WorkflowExecutionInfo[];
  /** False if there are more. */
  readonly complete: boolean;
}

/**
 * Returns the newest open runs. Temporal lists open runs first, so those of the list of all runs are taken that come before the first that
 * has ended: on SQLite, whoever asks for open runs alone has it look through those of all task queues.
 */
async function newestOpen(deps: StuckRunsDeps): Promise<Listed> {
  const most = mostOf(deps);
  const query = ofTaskQueue(deps.taskQueue);
  return askVisibility(async () => {
    const runs: WorkflowExecutionInfo[] = [];
    for await (const run of deps.client.workflow.list({ query, pageSize: Math.min(most, PAGE) })) {
      if (run.closeTime !== undefined) break;
      if (runs.push(run) === most) return { runs, complete: false };
    }
    return { runs, complete: true };
  }, MAX_TRIES);
}

async function newest(deps: StuckRunsDeps, which: string): Promise<Listed> {
  const most = mostOf(deps);
  return askVisibility(async () => {
    const runs: WorkflowExecutionInfo[] = [];
    for await (const run of listRuns(deps, which)) if (runs.push(run) === most) break;
    return { runs, complete: runs.length < most };
  }, MAX_TRIES);
}

/** Returns how many runs are looked at each time. */
export function mostOf({ most = MAX_RUNS }: Pick<StuckRunsDeps, 'most'>): number {
  return most;
}

/** Lists runs of this installation from the newest to the oldest, so many at each question as are looked at each time. */
export function listRuns(deps: StuckRunsDeps, which: string): AsyncIterable<WorkflowExecutionInfo> {
  const query = `${ofTaskQueue(deps.taskQueue)} AND ${which}`;
  return deps.client.workflow.list({ query, pageSize: mostOf(deps) });
}

async function lookedAt<T>(
  { runs, complete }: Listed,
  look: (run: WorkflowExecutionInfo) => Promise<T | undefined>,
): Promise<Found<T>> {
  return { found: await lookAtEach(runs, look), complete };
}

/** Looks at runs, and returns what is said of those of which something is. */
export async function lookAtEach<R, T>(
  runs: readonly R[],
  look: (run: R) => Promise<T | undefined>,
): Promise<readonly T[]> {
  const all = await mapAtOnce(runs, AT_ONCE, (run) => look(run).catch(unlessGone));
  return all.filter((one) => one !== undefined);
}

/** A run that was deleted is listed for a while. */
function unlessGone(error: unknown): undefined {
  if (error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === NOT_FOUND)) return;
  throw error;
}

/** Returns whether somebody has asked for the run again: then nobody has to look at this one. */
async function wasReplayed(client: Client, { workflowId, runId, startTime }: ToldRun): Promise<boolean> {
  const first = workflowId.replace(/\/replay-\d+$/, '');
  const since = `"${startTime.toISOString()}"`;
  // No run is executed before it is started: of the two, SQLite has an index of the first alone, and looks through no older ones.
  const later = `ExecutionTime > ${since} AND StartTime > ${since} AND RunId != "${runId}"`;
  const query = `WorkflowId STARTS_WITH ${queryText(`${first}/replay-`)} AND ${later}`;
  const { count } = await askVisibility(() => client.workflow.count(query), MAX_TRIES);
  return count > 0;
}

/** What is known of how runs were terminated, by their run ids: what has ended stays as it is. */
const reasons = new WeakMap<Client, Map<string, string | undefined>>();
/** The latest that somebody has asked for. */
const MAX_REASONS = 1_000;

/** Returns the reason that a run was terminated with; undefined if it was not set aside. A history is read once. */
export async function whySetAside(
  client: Client,
  { workflowId, runId }: Pick<WorkflowExecutionInfo, 'workflowId' | 'runId'>,
): Promise<string | undefined> {
  const known = reasons.get(client) ?? new Map<string, string | undefined>();
  reasons.set(client, known);
  if (!known.has(runId)) {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      historyEventFilterType: CLOSE_EVENT,
    });
    const ended = history?.events?.[0]?.workflowExecutionTerminatedEventAttributes;
    if (!ended) return undefined;
    const { reason } = ended;
    known.set(runId, reason?.startsWith(SET_ASIDE) ? reason : undefined);
  }
  const why = known.get(runId);
  // Asked for last, it is forgotten last.
  known.delete(runId);
  known.set(runId, why);
  const [oldest = runId] = known.keys();
  if (known.size > MAX_REASONS) known.delete(oldest);
  return why;
}
