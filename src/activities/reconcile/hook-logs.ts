import type { HookLogs } from '../../providers/hooks-api.js';
import type { ReconcilePageInput } from '../contract/index.js';
import { notConfigured } from '../failures.js';
import type { ReconcileDeps } from './deps.js';
import { presentName, readKnown } from './known-repositories.js';
import { newNameOf } from './present-repository.js';

/**
 * Returns the hooks of a target; of a repository that was renamed since, under its new name. Throws `NotConfigured` where
 * the provider keeps no list of their deliveries.
 */
export async function hookLogsOf(
  deps: Pick<ReconcileDeps, 'providers' | 'store'>,
  { source, target }: Pick<ReconcilePageInput, 'source' | 'target'>,
): Promise<HookLogs> {
  const api = await deps.providers.source(source);
  const missing = notConfigured(`source ${source} has no API credentials, or its provider keeps no list of deliveries`);
  if (!api) throw missing;
  if (target.kind === 'repository') {
    const open = (name: string): HookLogs => {
      const hooks = api.repository(name).hooks;
      if (!hooks?.log) throw missing;
      return { list: hooks.list, log: hooks.log };
    };
    let name = presentName(await readKnown(deps.store.records, source), target.name);
    return {
      async list() {
        try {
          return await open(name).list();
        } catch (error) {
          const now = await newNameOf(deps, { source, name }, error);
          if (now === undefined) throw error;
          name = now;
          return open(name).list();
        }
      },
      log: (id) => open(name).log(id),
    };
  }
  const logs = target.kind === 'organisation' ? api.organisation?.(target.name) : api.hooks;
  if (!logs) throw missing;
  return logs;
}
