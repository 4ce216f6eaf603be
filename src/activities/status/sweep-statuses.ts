import type { Client } from '@temporalio/client';
import { backoffMs } from '../../async/backoff.js';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import type { Providers } from '../../providers/apis.js';
import { ProviderError } from '../../providers/error.js';
import type { Inbox } from '../../store/store.js';
import { endOf } from './run-end.js';
import { endedReport, type OpenReport, type Report, type StatusBook } from './status-book.js';
import { writeReport } from './write-report.js';

/** What the sweep works with. */
export interface SweepDeps {
  readonly client: Client;
  readonly inbox: Pick<Inbox, 'findStart'>;
  readonly config: Config;
  readonly providers: Pick<Providers, 'repository'>;
  readonly book: StatusBook;
  readonly log: Logger;
}

/** Ends commit statuses that nobody else will. */
export interface StatusSweep {
  /** Looks at the next page of what is open. Rejects when Temporal or the store does not answer. */
  pass(): Promise<void>;
}

/** Rows that one pass looks at, of each kind. */
const PAGE = 100;
/** How long a provider that is away is left alone. */
const PAUSE = { firstMs: 10_000, maxMs: 300_000 };

/**
 * Returns the one that ends the statuses of runs whose own code can't: they were terminated, timed out, deleted, or can't
 * go on. It also writes what a run has left to it because the provider was away for long, until `inbox.keepDays` are over.
 */
export function createStatusSweep({ client, inbox, config, providers, book, log }: SweepDeps): StatusSweep {
  let after: string | undefined;
  const away = new Map<string, { times: number; until: number }>();

  /** Returns what the provider is to be told; undefined while the run may say more itself. */
  const lastOf = async ({ report, left }: OpenReport): Promise<Report | undefined> => {
    const because = left && report.state !== 'pending' ? undefined : await endOf({ client, inbox }, report.run);
    if (report.state !== 'pending') return left || because !== undefined ? report : undefined;
    if (because === undefined) return left ? report : undefined;
    return endedReport(report, because);
  };

  const end = async (open: OpenReport) => {
    const { report } = open;
    if ((away.get(report.source)?.until ?? 0) > Date.now()) return;
    const last = await lastOf(open);
    if (!last) return;
    if (!(await book.note(last))) return book.drop({ key: open.key, version: open.version });
    const about = { run: report.run, repository: report.repository, commit: report.sha, status: report.context };
    try {
      const api = await providers.repository(report.source, report.repository);
      if (api?.writeStatus) await writeReport({ api, book }, last);
      else await book.settle(last);
      away.delete(report.source);
      log.info({ ...about, state: last.state, because: last.description }, 'ended a commit status for its run');
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.kind !== 'unavailable') {
        await book.settle(last);
        log.warn({ ...about, because: error.message }, 'a commit status could not be ended: the provider refuses it');
        return;
      }
      const times = (away.get(report.source)?.times ?? 0) + 1;
      away.set(report.source, {
        times,
        until: Date.now() + Math.max(backoffMs(times, PAUSE), error.retryAfterMs ?? 0),
      });
      if (Date.now() - open.since < keptMs(config)) return;
      await book.settle(last);
      log.warn({ ...about, because: error.message }, 'a commit status is given up: its provider was away for too long');
    }
  };

  return {
    async pass() {
      const page = await book.open({ limit: PAGE, after });
      for (const open of page) {
        // What can't be ended now does not hold up what comes after it.
        after = open.key;
        await end(open);
      }
      after = page.length < PAGE ? undefined : page.at(-1)?.key;
    },
  };
}

function keptMs({ inbox }: Config): number {
  return inbox.keepDays * 24 * 3_600_000;
}
