import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { watch } from 'chokidar';
import type { Configured } from '../../catalog/compare-with-config.js';
import { type Catalog, loadCatalog, ownNames } from '../../catalog/load.js';
import type { Logger } from '../../log.js';

/** Editors write a file in several steps: edits this close together are one reload. */
const SETTLE_MS = 200;
/** Nothing is looked at below these, in a path that begins with a slash. */
const IGNORED = /node_modules|\/\./;

/** Returns what the modules of a folder are now, as text: another one once a module was edited, added or removed. */
export async function stateOfModules(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  const states = (entries ?? []).map(async (entry) => {
    const path = join(folder, entry.name);
    if (IGNORED.test(`/${entry.name}`)) return '';
    if (entry.isDirectory()) return stateOfModules(path);
    if (!entry.name.endsWith('.ts')) return '';
    const about = await stat(path).catch(() => undefined);
    // Of the change, not of the last write: a copy may keep the time of what was copied.
    return `${path} ${about?.ino} ${about?.size} ${about?.ctimeMs}\n`;
  });
  return (await Promise.all(states)).sort().join('');
}

/**
 * Watches a folder of workflow modules and calls `onChange` with each new catalog. A module that can't be loaded is logged
 * with file and line, and the automations stay as they were. `state`: of the modules, before they were last read.
 */
export function watchAutomations({
  folder,
  state,
  configured,
  log,
  onChange,
}: {
  folder: string;
  state: string;
  configured: Configured;
  log: Logger;
  onChange: (catalog: Catalog) => Promise<void>;
}): { stop(): Promise<void> } {
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignored: (path) => IGNORED.test(path.slice(folder.length)),
  });
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
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
  const edited = () => {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      reloading = reloading.then(reload);
    }, SETTLE_MS);
  };
  watcher.on('all', (_, path) => {
    if (path.endsWith('.ts')) edited();
  });
  // What is edited before it watches is told to nobody: while a worker is started, which may wait long for Temporal.
  watcher.once('ready', () => {
    void stateOfModules(folder).then((now) => {
      if (now !== state) edited();
    });
  });
  watcher.on('error', (error) => log.warn({ err: error }, 'edits of automations are not seen: restart to load them'));
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await watcher.close();
      await reloading;
    },
  };
}
