import { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import type { RepositoryApi, StatusToWrite } from '../../providers/api.js';
import { namedSource } from '../../providers/named-source.js';
import { isGitSource } from '../../providers/source.js';
import { activityProviders } from '../activity-providers.js';
import type { Activities, StatusInput } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { isAway } from '../failures.js';
import { providerCall } from '../provider-call.js';
import { readyStatus } from './ready-status.js';
import { createStatusBook, orderOf, type Report, type StatusBook } from './status-book.js';
import { writeReport } from './write-report.js';

/** After this a run leaves a report to the sweep, which goes on trying, in milliseconds. */
const PATIENCE_MS = 3_600_000;

/**
 * Writes one commit status at the source's provider, unless a newer run has reported on the same commit and context. What
 * can't be written within an hour, because the provider is away, is left to the sweep. Throws `NotConfigured`, `Refused`,
 * or a failure that is retried.
 */
export function createReportStatus(
  { config, log, store }: Pick<ActivityDeps, 'config' | 'log' | 'store'>,
  providers = activityProviders({ config, log }),
): Activities['reportStatus'] {
  return async function reportStatus(input) {
    let report: Report | undefined;
    try {
      return await providerCall(async () => {
        const source = namedSource(config, input.source);
        const none = notReported(`a source of kind ${source.kind} has no commit statuses`);
        if (!isGitSource(source)) return none;
        const api = await providers.repository(input.source, input.repository);
        if (!api) return notReported(`source ${input.source} has no API credentials`);
        if (!api.writeStatus) return none;
        const status = readyStatus(config, input);
        report = reportOf(input, status);
        if (status.state === 'skipped' && (await isKnown(api, status)))
          return notReported('there is a status already, which says more');
        if (report) {
          const book = createStatusBook(store.records);
          if (!input.lifts && (await isBound(book, report))) {
            if (report.state !== 'failure' && report.state !== 'error')
              return notReported('a failing test of this run has turned it red');
            report = { ...report, binding: true };
          }
          if (!(await book.note(report))) return notReported('a newer run, or a later report, has said more');
          await writeReport({ api, book }, report);
        } else {
          const isLate = status.state === 'pending' && Context.current().info.attempt > 1;
          if (isLate && (await hasEnded(api, status))) return notReported('this run has already reported its end');
          await api.writeStatus(status);
        }
        return { reported: true };
      });
    } catch (error) {
      if (!report || !isAway(error) || !isTooLong(error)) throw error;
      await createStatusBook(store.records).leave(report);
      const because = `${error.message}; it is written once the provider answers, within ${config.inbox.keepDays} days`;
      return { ...notReported(because), later: true };
    }
  };
}

/** Returns what is noted of a status; undefined for a run of a version before, which does not say when it began. */
function reportOf(
  { source, repository, runStartedAt, unadmitted, binding }: StatusInput,
  status: StatusToWrite,
): Report | undefined {
  const { workflowExecution, scheduledTimestampMs, activityId } = Context.current().info;
  if (runStartedAt === undefined || !workflowExecution) return undefined;
  const { workflowId, runId } = workflowExecution;
  return {
    ...{ source, repository, ...status },
    run: workflowId,
    ...(binding && { binding }),
    order: orderOf({
      startedAt: runStartedAt,
      runId,
      askedAt: scheduledTimestampMs,
      place: activityId,
      unadmitted: unadmitted === true,
    }),
  };
}

/** Whether the same run has said for good that a test failed. */
async function isBound(book: StatusBook, report: Report): Promise<boolean> {
  const newest = await book.newest(report);
  return newest?.binding === true && newest.run === report.run;
}

/** Whether the next try would come after the time that a run has for it. */
function isTooLong({ nextRetryDelay }: ApplicationFailure): boolean {
  const pauseMs = typeof nextRetryDelay === 'number' ? nextRetryDelay : 0;
  return Date.now() + pauseMs - Context.current().info.scheduledTimestampMs > PATIENCE_MS;
}

/** Returns whether the run has reported its end: a repeated `pending` would hide that for ever. */
async function hasEnded(api: RepositoryApi, { sha, context, targetUrl }: StatusToWrite): Promise<boolean> {
  const latest = await api.readStatus?.({ sha, context });
  return latest !== undefined && latest.state !== 'pending' && latest.targetUrl === targetUrl;
}

/** Returns whether there is a status: a delivery that a filter refused must not turn a failed or running one green. */
async function isKnown(api: RepositoryApi, { sha, context }: StatusToWrite): Promise<boolean> {
  return (await api.readStatus?.({ sha, context })) !== undefined;
}

function notReported(because: string) {
  return { reported: false, because } as const;
}
