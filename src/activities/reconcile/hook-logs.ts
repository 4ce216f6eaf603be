import type { HookLogs } from '../../providers/api.js';
import type { ReconcilePageInput } from '../contract/index.js';
import { notConfigured } from '../failures.js';
import type { ReconcileDeps } from './deps.js';

/** Returns the hooks of a target. Throws `NotConfigured` where the provider keeps no list of their deliveries. */
export async function hookLogsOf(
  { providers }: Pick<ReconcileDeps, 'providers'>,
  { source, target }: Pick<ReconcilePageInput, 'source' | 'target'>,
): Promise<HookLogs> {
  const api = await providers.source(source);
  const missing = notConfigured(`source ${source} has no API credentials, or its provider keeps no list of deliveries`);
  if (!api) throw missing;
  if (target.kind === 'repository') {
    const hooks = api.repository(target.name).hooks;
    if (!hooks?.log) throw missing;
    return { list: hooks.list, log: hooks.log };
  }
  const logs = target.kind === 'organisation' ? api.organisation?.(target.name) : api.hooks;
  if (!logs) throw missing;
  return logs;
}
