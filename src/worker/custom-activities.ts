import { importFile } from '../compile/import-file.js';
import type { Config } from '../config/config.js';

/**
 * Returns the functions that the configuration's `activities` module exports, which workflows call by `proxyActivities`.
 * Throws {@link ModuleError} when the module can't be compiled, and what it throws itself when it is loaded.
 */
export async function loadCustomActivities(config: Config): Promise<Record<string, (...args: never[]) => unknown>> {
  if (!config.activities) return {};
  const module = await importFile({ file: config.activities, provided: {}, topLevelAwait: true });
  return Object.fromEntries(
    Object.entries(module).filter((entry): entry is [string, () => unknown] => typeof entry[1] === 'function'),
  );
}
