import type { RepositoryApi, SourceApi } from '../../providers/api.js';
import { ProviderError } from '../../providers/error.js';
import type { Activities, ReconcileTarget } from '../contract/index.js';
import { providerCall } from '../provider-call.js';
import type { ReconcileDeps } from './deps.js';
import { ownHooks } from './our-hooks.js';
import { whileBeating } from './rate-limit.js';
import { seenRepositories } from './repositories.js';
import { msOf, settingsOf } from './settings.js';

/**
 * Says where a source's missed deliveries are to be looked for. Throws `NotConfigured` where they never are. A provider
 * is asked only where hooks can stand above repositories: whether one of them leads here.
 */
export function createFindTargets(
  deps: Pick<ReconcileDeps, 'config' | 'store' | 'providers' | 'pace'>,
): Activities['findReconcileTargets'] {
  const { config, store, providers } = deps;
  return ({ source }) =>
    whileBeating(() =>
      providerCall(async () => {
        const { settings } = settingsOf(config, source);
        const settleMs = msOf(settings.settle);
        const api = await providers.source(source);
        if (!api) return { targets: [], settleMs, because: `source ${source} has no API credentials` };
        const names =
          settings.repositories ??
          ((await isToldOfAll(deps, { source, api, callsPerMinute: settings.callsPerMinute }))
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
            because: `no delivery of source ${source} told of a repository yet, and sources.${source}.reconcile.repositories names none`,
          }),
        };
      }),
    );
}

/**
 * An app, or an organisation's subscriptions, is told of all that its repositories are, if its own hook leads here. An
 * app may as well be there for the API alone, beside hooks of repositories.
 */
async function isToldOfAll(
  { config, pace }: Pick<ReconcileDeps, 'config' | 'pace'>,
  { source, api, callsPerMinute }: { source: string; api: SourceApi; callsPerMinute: number },
): Promise<boolean> {
  if (!api.hooks) return false;
  await pace.turn(source, callsPerMinute);
  try {
    return ownHooks(await api.hooks.list(), { config, source }).length > 0;
  } catch (error) {
    // What is wrong is told when it is their turn.
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
    // What is wrong with its name is told when it is its turn.
    return [{ kind: 'repository', name }];
  }
}
