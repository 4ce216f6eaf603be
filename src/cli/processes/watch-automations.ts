import { watch } from 'chokidar';
import type { Configured } from '../../catalog/compare-with-config.js';
import { type Catalog, loadCatalog, ownNames } from '../../catalog/load.js';
import type { Logger } from '../../log.js';

/** Editors write a file in several steps: edits this close together are one reload. */
const SETTLE_MS = 200;

/**
 * Watches a folder of workflow modules and calls `onChange` with each new catalog. A module that can't be loaded is logged
 * with file and line, and the automations stay as they were.
 */
export function watchAutomations({
  folder,
  configured,
  log,
  onChange,
}: {
  folder: string;
  configured: Configured;
  log: Logger;
  onChange: (catalog: Catalog) => Promise<void>;
}): { stop(): Promise<void> } {
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignored: (path) => /node_modules|\/\./.test(path.slice(folder.length)),
  });
  let timer: NodeJS.Timeout | undefined;
  // One after the other: an older reload that is slow must not overwrite a newer one.
  let reloading = Promise.resolve();
  const reload = async () => {
    try {
      const catalog = await loadCatalog(folder, configured);
      for (const warning of catalog.warnings) log.warn(warning);
      await onChange(catalog);
      log.info({ automations: ownNames(catalog) }, 'automations reloaded');
    } catch (error) {
      log.error(
        { because: (error as Error).message },
        'automations not reloaded: the earlier ones stay until the module is corrected',
      );
    }
  };
  watcher.on('all', (_, path) => {
    if (!path.endsWith('.ts')) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      reloading = reloading.then(reload);
    }, SETTLE_MS);
  });
  watcher.on('error', (error) => log.warn({ err: error }, 'edits of automations are not seen: restart to load them'));
  return {
    async stop() {
      clearTimeout(timer);
      await watcher.close();
      await reloading;
    },
  };
}
