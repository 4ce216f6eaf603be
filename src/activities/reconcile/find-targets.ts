import { ProviderError } from '../../providers/error.js';
import type { RepositoryApi } from '../../providers/provider.js';
import type { Activities, ReconcileTarget } from '../contract.js';
import { providerCall } from '../remote/provider-call.js';
import type { ReconcileDeps } from './deps.js';
import { seenRepositories } from './repositories.js';
import { msOf, settingsOf } from './settings.js';

/**
 * Says where a source's missed deliveries are to be looked for. Throws `NotConfigured` where they never are; a provider
 * is not asked.
 */
export function createFindTargets({
  config,
  store,
  providers,
}: Pick<ReconcileDeps, 'config' | 'store' | 'providers'>): Activities['findReconcileTargets'] {
  return ({ source }) =>
    providerCall(async () => {
      const { settings } = settingsOf(config, source);
      const settleMs = msOf(settings.settle);
      const api = providers.source(source);
      if (!api) return { targets: [], settleMs, because: `source ${source} has no API credentials` };
      // An app, or an organisation's subscriptions, is told of all that its repositories are.
      const names = settings.repositories ?? (api.hooks ? [] : await seenRepositories(store, source));
      const targets: ReconcileTarget[] = [
        ...(api.hooks ? [{ kind: 'own' } as const] : []),
        ...(api.organisation ? settings.organisations : []).map((name) => ({ kind: 'organisation', name }) as const),
        ...names.flatMap((name) => targetOf(() => api.repository(name), name)),
      ];
      return {
        targets,
        settleMs,
        ...(targets.length === 0 && {
          because: `no delivery of source ${source} told of a repository yet, and sources.${source}.reconcile.repositories names none`,
        }),
      };
    });
}

function targetOf(open: () => RepositoryApi, name: string): ReconcileTarget[] {
  try {
    const api = open();
    if (api.hooks?.log) return [{ kind: 'repository', name }];
    return api.state ? [{ kind: 'state', name }] : [];
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // What is wrong with its name is told when it is its turn.
    return [{ kind: 'repository', name }];
  }
}
