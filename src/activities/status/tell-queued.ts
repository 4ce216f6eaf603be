import { backoffMs } from '../../async/backoff.js';
import type { Config } from '../../config/config.js';
import { commitOf, repositoryOf } from '../../events/accessors.js';
import { queueWords } from '../../lanes/queue-words.js';
import type { Logger } from '../../log.js';
import type { Providers } from '../../providers/apis.js';
import { ProviderError } from '../../providers/error.js';
import { contextOf, queueContextOf } from '../../runs/status-context.js';
import { storyUrl } from '../../runs/url.js';
import type { Inbox, Lanes, RunToTell } from '../../store/store.js';
import type { Automation } from '../../triggers/automation.js';
import { fitting } from './ready-status.js';
import { orderOf, type Report, type StatusBook } from './status-book.js';
import { writeReport } from './write-report.js';

/** What {@link createQueueStatuses} works with. */
export interface QueueStatusesDeps {
  readonly config: Config;
  /** Temporal's. */
  readonly namespace: string;
  readonly providers: Pick<Providers, 'repository'>;
  readonly book: StatusBook;
  readonly lanes: Pick<Lanes, 'toTell' | 'noteTold'>;
  readonly inbox: Pick<Inbox, 'find'>;
  readonly automations: () => readonly Automation[];
  readonly log: Logger;
}

/** Says on commits how their runs wait in lanes: for a run that has not begun, nobody else can. */
export interface QueueStatuses {
  /** Looks at the next page of what waits, and writes what has changed. Rejects when the store does not answer. */
  pass(): Promise<void>;
}

/** What waits for a shorter time, in milliseconds, begins before anybody has read a status. */
const SETTLE_MS = 2_000;
/** Runs that one pass looks at. */
const PAGE = 200;
/** Runs of one source that one pass tells of, of which there is one each five seconds: the others come later. */
const MAX_TOLD = 5;
/** How long a provider that is away is left alone. */
const PAUSE = { firstMs: 10_000, maxMs: 300_000 };

/** Returns the one that tells how runs wait, and how that has ended for those that never begin. */
export function createQueueStatuses(deps: QueueStatusesDeps): QueueStatuses {
  const { config, namespace, providers, book, lanes, inbox, log } = deps;
  let after = 0;
  const away = new Map<string, { times: number; until: number }>();
  /** What is left of this pass, by source. */
  let left = new Map<string, number>();

  const reportsOf = async (run: RunToTell, words: string): Promise<Report[]> => {
    const { workflowId, automation, deliveryId, part, since } = run;
    const event = (await inbox.find(deliveryId))?.events[part];
    const sha = event && commitOf(event)?.sha;
    const repository = event && repositoryOf(event)?.fullName;
    if (!event || sha === undefined || repository === undefined) return [];
    const { checks } = deps.automations().find(({ name }) => name === automation) ?? {};
    const leadsTo = run.state === 'waits' ? run.after : run.state === 'superseded' ? run.by : undefined;
    const target = leadsTo === undefined ? '' : storyUrl(config, { namespace, workflowId: leadsTo });
    const state = run.state === 'waits' ? 'pending' : 'error';
    const order = orderOf({
      startedAt: new Date(since).toISOString(),
      ...{ askedAt: Date.now(), runId: workflowId, place: '0', unadmitted: true },
    });
    return contextsOf(run, checks).map((context) => ({
      ...{ source: event.source, repository, run: workflowId, order },
      ...fitting({ sha, state, context, description: words }, target),
    }));
  };

  const mayTell = (source: string) => {
    const room = left.get(source) ?? MAX_TOLD;
    if (room === 0 || (away.get(source)?.until ?? 0) > Date.now()) return false;
    left.set(source, room - 1);
    return true;
  };

  /** `isFirst`: nothing was told of the run before, so that a refusal is logged once. */
  const write = async (report: Report, isFirst: boolean) => {
    const about = { run: report.run, repository: report.repository, commit: report.sha, status: report.context };
    try {
      const api = await providers.repository(report.source, report.repository);
      if (!api?.writeStatus || !(await book.note(report))) return;
      await writeReport({ api, book }, report);
      away.delete(report.source);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.kind !== 'unavailable') {
        if (isFirst)
          log.warn({ ...about, because: error.message }, 'a commit status of a run that waits was not written');
        return;
      }
      const times = (away.get(report.source)?.times ?? 0) + 1;
      const pauseMs = Math.max(backoffMs(times, PAUSE), error.retryAfterMs ?? 0);
      away.set(report.source, { times, until: Date.now() + pauseMs });
      // What sweeps up after runs writes it once the provider is back.
      await book.leave(report);
    }
  };

  const tell = async (run: RunToTell) => {
    const words = wordsOf(run);
    if ((run.state === 'waits' && run.told === words) || !mayTell(run.source)) return;
    const { workflowId } = run;
    const reports = await reportsOf(run, words);
    // Before it is written: a run that begins meanwhile knows that it has to follow it up.
    const isSo = run.state !== 'waits' || (await lanes.noteTold([{ workflowId, words }])).length > 0;
    if (isSo) for (const report of reports) await write(report, run.told === undefined);
    if (run.state === 'waits') return;
    await lanes.noteTold([{ workflowId }]);
    if (run.state === 'refused') log.warn({ run: workflowId, lane: run.title, because: words }, 'a run never begins');
  };

  return {
    async pass() {
      left = new Map();
      const page = await lanes.toTell({ limit: PAGE, before: Date.now() - SETTLE_MS, after });
      for (const run of page) await tell(run);
      const waiting = page.filter(({ state }) => state === 'waits');
      after = waiting.length < PAGE ? 0 : (waiting.at(-1)?.arrived ?? 0);
    },
  };
}

/** Of a run that never begins no job ever reports a check: a merge would wait for it for ever. */
function contextsOf({ state, automation, told }: RunToTell, checks: readonly string[] = []): string[] {
  const own = queueContextOf(automation);
  if (state === 'waits' || checks.length === 0) return [own];
  return [...new Set([...(told ? [own] : []), ...checks.map((check) => contextOf(automation, check))])];
}

function wordsOf(run: RunToTell): string {
  switch (run.state) {
    case 'waits':
      return queueWords(run, run.title);
    case 'superseded':
      return `superseded by ${run.by}`;
    case 'refused':
      return run.because;
    default:
      return run satisfies never;
  }
}
