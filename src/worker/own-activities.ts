import { importFile } from '../compile/import-file.js';
import type { Config } from '../config/config.js';

/** The functions that the configuration's `activities` module exports, to be called by `proxyActivities`. */
export async function ownActivities(config: Config): Promise<Record<string, (...args: never[]) => unknown>> {
  if (!config.activities) return {};
  const module = await importFile({ file: config.activities, provided: {}, topLevelAwait: true });
  return Object.fromEntries(
    Object.entries(module).filter((entry): entry is [string, () => unknown] => typeof entry[1] === 'function'),
  );
}
