import { valueWithin } from '../../async/deadline.js';
import type { Store } from '../../store/store.js';
import { listArtifacts } from './artifacts.js';
import type { WholeRunAnswer } from './contract.js';
import { type FindRunDeps, findRun } from './find-run.js';
import { listed } from './list-runs.js';
import { whyFailed } from './log/why-failed.js';
import { withLines } from './log/with-lines.js';
import { type ShowRunDeps, showRun } from './runs.js';
import { queuedIn } from './standing-in-lane.js';
import { cutTimeline } from './timeline/cut-timeline.js';
import { historyOf, type Pending } from './timeline/history.js';
import { readTimeline } from './timeline/read-timeline.js';

/** What {@link showWholeRun} asks. */
export type WholeRunDeps = Omit<FindRunDeps, 'store'> &
  Omit<ShowRunDeps, 'store'> & {
    readonly store: FindRunDeps['store'] &
      ShowRunDeps['store'] &
      Pick<Store, 'logs' | 'records'> & { readonly lanes: Pick<Store['lanes'], 'list'> };
  };

const DEADLINE_MS = 3_000;

/** A run whose history is read, and its activities that have not ended. */
interface HistoryOf {
  readonly workflowId: string;
  readonly runId: string;
  readonly pending: readonly Pending[];
}

/** Returns all that is known of the run that a name means; undefined if there is none. Throws as {@link findRun} does. */
export async function showWholeRun(deps: WholeRunDeps, name: string): Promise<WholeRunAnswer | undefined> {
  const run = await findRun(deps, name);
  if (run === undefined) return undefined;
  const { client } = deps;
  // Asked once for all: on SQLite, Temporal answers one question after the other.
  const asked = client.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.getHandle(run).describe());
  const description = asked.then(
    (found) => ({
      ...{ workflowId: run, runId: found.runId, about: listed(deps, found) },
      pending: found.raw.pendingActivities ?? [],
    }),
    // Temporal does not know it, or does not answer: its state says which.
    () => undefined,
  );
  // Whoever stops to wait asks for no further pages of its history.
  const read = (of: HistoryOf) =>
    client.withDeadline(Date.now() + DEADLINE_MS, async () => {
      const { events, end } = await historyOf(client, of);
      const entries = await readTimeline(events, client.options.loadedDataConverter, of.pending, end);
      const { timeline, isCut } = cutTimeline(entries);
      return { timeline, isCut: isCut || end !== undefined };
    });
  const [state, described, told, start, jobs, inLane, { artifacts }] = await Promise.all([
    showRun(deps, { id: run, all: 'true', described: asked }),
    description,
    description.then((of) => of && valueWithin(DEADLINE_MS, read(of))),
    deps.store.inbox.findStart(run),
    deps.store.logs.jobs(run),
    placeOf(deps.store.lanes, run),
    listArtifacts(deps.store.records, run),
  ]);
  const timeline = told && (await withLines(deps.store.logs, { run, timeline: told.timeline, jobs }));
  const isRed = state?.status === 'failed' || state?.status === 'timed out';
  const failing = isRed && timeline ? await whyFailed(deps.store.logs, { run, timeline, jobs }) : undefined;
  return {
    ...{ run, state: state ?? { status: 'forgotten' }, jobs },
    ...(described && { about: described.about }),
    ...(start && { delivery: start.deliveryId, automation: start.automation }),
    ...(inLane && { inLane }),
    ...(timeline && { timeline }),
    ...(failing && { failing }),
    ...(told?.isCut && { timelineIsCut: true }),
    ...(artifacts.length > 0 && { artifacts }),
  };
}

/** Undefined where it is in no lane. */
async function placeOf(lanes: Pick<Store['lanes'], 'list'>, run: string): Promise<WholeRunAnswer['inLane']> {
  const [found] = await lanes.list({ ofRun: run, limit: 1 });
  const entry = found?.entries.find(({ workflowId }) => workflowId === run);
  if (!found || !entry) return undefined;
  const { lane, title, mode, by, reason } = found;
  const { state, since, changedAt, until } = entry;
  const { place, after } = queuedIn(found, run) ?? {};
  return {
    ...{ lane, title, mode, state, since, changedAt },
    ...(mode !== 'open' && by !== undefined && { by }),
    ...(mode !== 'open' && reason !== undefined && { reason }),
    ...(place !== undefined && { place }),
    ...(after !== undefined && { after }),
    ...(until !== undefined && { until }),
  };
}
