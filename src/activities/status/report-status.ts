import { Context } from '@temporalio/activity';
import type { RepositoryApi, StatusToWrite } from '../../providers/api.js';
import { namedSource } from '../../providers/named-source.js';
import { isGitSource } from '../../providers/source.js';
import { activityProviders } from '../activity-providers.js';
import type { Activities, StatusResult } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { providerCall } from '../provider-call.js';
import { readyStatus } from './ready-status.js';

/**
 * Writes one commit status at the source's provider. Throws `NotConfigured`, `Refused`, or a failure that is retried.
 */
export function createReportStatus(
  { config, log }: Pick<ActivityDeps, 'config' | 'log'>,
  providers = activityProviders({ config, log }),
): Activities['reportStatus'] {
  return function reportStatus(input) {
    return providerCall(async () => {
      const source = namedSource(config, input.source);
      const none = notReported(`a source of kind ${source.kind} has no commit statuses`);
      if (!isGitSource(source)) return none;
      const api = await providers.repository(input.source, input.repository);
      if (!api) return notReported(`source ${input.source} has no API credentials`);
      if (!api.writeStatus) return none;
      const status = readyStatus(config, input);
      const isLate = status.state === 'pending' && Context.current().info.attempt > 1;
      if (isLate && (await hasEnded(api, status))) return notReported('this run has already reported its end');
      if (status.state === 'skipped' && (await isKnown(api, status)))
        return notReported('there is a status already, which says more');
      await api.writeStatus(status);
      return { reported: true };
    });
  };
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

function notReported(because: string): StatusResult {
  return { reported: false, because };
}
