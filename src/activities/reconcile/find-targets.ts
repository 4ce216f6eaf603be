import type { RepositoryApi, SourceApi } from '../../providers/api.js';
import { msOf } from '../../providers/duration.js';
import { ProviderError } from '../../providers/error.js';
import type { Activities, ReconcileTarget } from '../contract/index.js';
import { withHeartbeat } from '../heartbeat.js';
import { providerCall } from '../provider-call.js';
import type { ReconcileDeps } from './deps.js';
import { ourHooks } from './our-hooks.js';
import { seenRepositories } from './repositories.js';
import { settingsOf } from './settings.js';

/**
 * Returns where to look for a source's missed deliveries. Throws `NotConfigured` for a source that is not reconciled.
 * Asks the provider only where hooks can stand above repositories: whether one of them leads here.
 */
export function createFindTargets(
  deps: Pick<ReconcileDeps, 'config' | 'store' | 'providers' | 'rateLimit'>,
): Activities['findReconcileTargets'] {
  const { config, store, providers } = deps;
  return ({ source }) =>
    withHeartbeat(() =>
      providerCall(async () => {
        const { settings } = settingsOf(config, source);
        const settleMs = msOf(settings.settle);
        const api = await providers.source(source);
        if (!api) return { targets: [], settleMs, because: `source ${source} has no API credentials` };
        const names =
          settings.repositories ??
          ((await hearsOfAll(deps, { source, api, callsPerMinute: settings.callsPerMinute }))
            ? []
            : await seenRepositories(store, source));
        const targets: ReconcileTarget[] = [
          ...(api.hooks ? [{ kind: 'own' } as const] : []),
          ...(api.organisation ? settings.organisations : []).map((name) => ({ kind: 'organisation', name }) as const),
          ...names.flatMap((name) => targetOf(() => api.repository(name), name)),
        ];
        return {
          targets,
          settleMs,
          ...(targets.length === 0 && {
            because: `no delivery of source ${source} has named a repository yet: list them in sources.${source}.reconcile.repositories`,
          }),
        };
      }),
    );
}

/**
 * Returns whether the hook of an app or of an organisation leads here, which then gets the deliveries of all
 * repositories. An app may also be used for the API alone, beside the hooks of repositories.
 */
async function hearsOfAll(
  { config, rateLimit }: Pick<ReconcileDeps, 'config' | 'rateLimit'>,
  { source, api, callsPerMinute }: { source: string; api: SourceApi; callsPerMinute: number },
): Promise<boolean> {
  if (!api.hooks) return false;
  await rateLimit.acquire(source, callsPerMinute);
  try {
    return ourHooks(await api.hooks.list(), { config, source }).length > 0;
  } catch (error) {
    // Reported when that target is reconciled.
    if (error instanceof ProviderError && error.kind !== 'unavailable') return false;
    throw error;
  }
}

function targetOf(open: () => RepositoryApi, name: string): ReconcileTarget[] {
  try {
    const api = open();
    if (api.hooks?.log) return [{ kind: 'repository', name }];
    return api.state ? [{ kind: 'state', name }] : [];
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // The wrong name is reported when that target is reconciled.
    return [{ kind: 'repository', name }];
  }
}
