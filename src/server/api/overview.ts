import { valueWithin } from '../../async/deadline.js';
import { sharedAnswer } from '../../async/shared-answer.js';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { RECONCILE_WORKFLOW } from '../../runs/names.js';
import type { Store } from '../../store/store.js';
import type { SourceLimit } from '../source-limit.js';
import type {
  Arrivals,
  ListedRun,
  OverviewAnswer,
  ReadinessAnswer,
  SourceOverview,
  StuckRunsAnswer,
} from './contract.js';
import { countRuns } from './count-runs.js';
import { countWorkers } from './count-workers.js';
import { type ListRunsDeps, listRuns } from './list-runs.js';
import type { RunsFilter } from './runs-query.js';
import { shownRecord } from './shown-record.js';
import { createStuckInTime, type StuckInTimeDeps } from './stuck/stuck-in-time.js';

/** What {@link createOverview} asks. */
export interface OverviewDeps extends Omit<StuckInTimeDeps, 'most'> {
  /** Workflow types that come with Hookyard. */
  readonly builtIn: () => readonly string[];
  readonly config: Pick<Config, 'sources' | 'temporal'>;
  readonly store: { readonly inbox: Pick<Store['inbox'], 'list' | 'arrivalTimes'> };
  readonly readiness: () => Promise<ReadinessAnswer>;
  readonly refused: SourceLimit['refused'];
  readonly log: Logger;
  /** Of the list of all runs, so many are looked at for open ones: 50 by default. */
  readonly mostOpen?: number;
}

const MINUTE_MS = 60_000;
const MINUTES = 60;
/** More arrivals than this are not counted one by one. */
const MAX_ARRIVALS = 20_000;
const RUNS = 12;
const FAILED_DELIVERIES = 5;
const DAY_MS = 24 * 3_600_000;
/** Looks for missed deliveries, of all sources: one each ten minutes. */
const LOOKS = 100;
const FRESH_MS = 2_000;
/** Runs that are looked at for open ones. Where that may not be all, Temporal is asked for each kind. */
const MAX_OPEN = 50;
/** As often as a browser reads the home view again. */
const SELDOM_MS = 10_000;
/** What Temporal has not told by then is left out. */
const DEADLINE_MS = 1_500;
/** What it has not counted or looked into by then is left out alone, so that the lists are there all the same. */
const SLOW_MS = 1_200;

/** Returns what tells what is broken, runs and waits. All who ask within two seconds share an answer. */
export function createOverview(deps: OverviewDeps): () => Promise<OverviewAnswer> {
  const seldom: AskedSeldom = {
    looks: sharedAnswer(() => lastLooks(deps), SELDOM_MS),
    stuck: createStuckInTime(deps, { freshMs: SELDOM_MS, settlingMs: FRESH_MS, waitMs: SLOW_MS }),
  };
  return sharedAnswer(() => overview(deps, seldom), FRESH_MS);
}

/** What costs Temporal many calls or a long look, and changes seldom. */
interface AskedSeldom {
  readonly looks: () => Promise<readonly ListedRun[]>;
  /** Undefined where none has come in time, lately. */
  readonly stuck: () => Promise<StuckRunsAnswer | undefined>;
}

async function overview(deps: OverviewDeps, seldom: AskedSeldom): Promise<OverviewAnswer> {
  const { inbox } = deps.store;
  const now = Date.now();
  const [health, workers, runs, looks, failedDeliveries, arrivals, sources] = await Promise.all([
    deps.readiness(),
    valueWithin(DEADLINE_MS, countWorkers(deps)),
    valueWithin(DEADLINE_MS, runsOf(deps, seldom.stuck, now)),
    valueWithin(DEADLINE_MS, seldom.looks()),
    inbox.list({ failed: true, limit: FAILED_DELIVERIES }),
    arrivalsOf(inbox, now),
    sourcesOf(deps),
  ]);
  return {
    at: new Date(now).toISOString(),
    health,
    ...(workers !== undefined && { workers }),
    ...runs,
    failedDeliveries: failedDeliveries.map(shownRecord),
    arrivals,
    sources: sources.map((source) => withLook(source, looks)),
  };
}

/** The first runs of a kind, and how many there are, where that is known. */
interface Counted {
  readonly runs: readonly ListedRun[];
  readonly count: number | undefined;
}

/** Runs as Temporal lists them. Rejects where it does not answer. */
async function runsOf(deps: OverviewDeps, askStuck: AskedSeldom['stuck'], now: number) {
  const asked = { ...deps, builtIn: deps.builtIn() };
  const counted = async (kind: RunsFilter): Promise<Counted> => {
    const { runs } = await listRuns(asked, kind, { limit: RUNS });
    const left = Math.max(0, now + SLOW_MS - Date.now());
    return { runs, count: runs.length < RUNS ? runs.length : await valueWithin(left, countRuns(asked, kind)) };
  };
  const [red, [running, waiting], stuck] = await Promise.all([
    counted({ outcome: 'red', endedSince: now - DAY_MS }),
    openRuns(asked, counted),
    // It looks into many runs, one by one.
    askStuck(),
  ]);
  const counts = { red: red.count, running: running.count, waiting: waiting.count };
  return {
    ...{ red: red.runs, running: running.runs, waiting: waiting.runs },
    counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== undefined)),
    ...(stuck && { stuck: stuck.runs }),
  };
}

/**
 * Returns the open runs that go on, and those that wait. Temporal lists open runs first, so the beginning of the list of all runs mostly
 * has all of them: on SQLite, whoever asks for open runs alone has it look through those of all task queues.
 */
async function openRuns(
  asked: ListRunsDeps & Pick<OverviewDeps, 'mostOpen'>,
  counted: (kind: RunsFilter) => Promise<Counted>,
): Promise<readonly [Counted, Counted]> {
  const { runs, next } = await listRuns(asked, {}, { limit: asked.mostOpen ?? MAX_OPEN });
  const open = runs.filter(({ endedAt }) => endedAt === undefined);
  const mayBeMore = next !== undefined && open.length === runs.length;
  if (mayBeMore) return Promise.all([counted({ waiting: 'nothing' }), counted({ waiting: 'anything' })]);
  const some = (found: readonly ListedRun[]): Counted => ({ runs: found.slice(0, RUNS), count: found.length });
  return [
    some(open.filter(({ waitsFor }) => waitsFor === undefined)),
    some(open.filter(({ waitsFor }) => waitsFor !== undefined)),
  ];
}

/** Returns the last looks for missed deliveries, of all sources, the latest first. Rejects where Temporal does not answer. */
export async function lastLooks(
  deps: Pick<OverviewDeps, 'client' | 'uiUrl' | 'taskQueue'>,
): Promise<readonly ListedRun[]> {
  const { runs } = await listRuns({ ...deps, builtIn: [] }, { automation: RECONCILE_WORKFLOW }, { limit: LOOKS });
  return [...runs].sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
}

/** Returns a source with the last look for what it may have missed. */
export function withLook(source: SourceOverview, looks: readonly ListedRun[] = []): SourceOverview {
  const look = looks.find((one) => one.source === source.name);
  if (!look) return source;
  const { run, status, startedAt, endedAt, url } = look;
  const lastLook = { run, status, startedAt, ...(endedAt && { endedAt }), ...(url && { url }) };
  return { ...source, lastLook };
}

async function arrivalsOf(inbox: OverviewDeps['store']['inbox'], now: number): Promise<Arrivals> {
  const since = (Math.floor(now / MINUTE_MS) - MINUTES + 1) * MINUTE_MS;
  const times = await inbox.arrivalTimes({ since, limit: MAX_ARRIVALS });
  const complete = times.length < MAX_ARRIVALS;
  const perMinute = Array.from({ length: MINUTES }, () => 0);
  for (const time of times) {
    const minute = Math.min(MINUTES - 1, Math.floor((time - since) / MINUTE_MS));
    perMinute[minute] = (perMinute[minute] ?? 0) + 1;
  }
  // The first of those that were counted was counted in part.
  return { perMinute: complete ? perMinute : perMinute.slice(perMinute.findIndex((count) => count > 0) + 1), complete };
}

/** Returns what is known here of sources that are configured: of all, unless they are named. */
export function sourcesOf(
  { config, store, refused }: Pick<OverviewDeps, 'config' | 'store' | 'refused'>,
  named: readonly string[] = Object.keys(config.sources),
): Promise<SourceOverview[]> {
  const meant = Object.entries(config.sources).filter(([name]) => named.includes(name));
  return Promise.all(
    meant.map(async ([name, { kind, enabled }]) => {
      const [last] = await store.inbox.list({ source: name, limit: 1 });
      const limited = refused(name);
      return {
        ...{ name, kind, enabled },
        ...(last && { lastDelivery: { id: last.id, receivedAt: last.receivedAt, eventName: last.eventName } }),
        ...(limited && { limited: limited.count }),
      };
    }),
  );
}
