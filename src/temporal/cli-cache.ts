import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** Of the CLI that is downloaded. */
export const CLI_VERSION = '1.9.1';

export interface CliCache {
  readonly folder: string;
  /** Where the CLI is, once it has been {@link keep kept}. */
  readonly path: string;
  /** An empty folder beside it, removed after `work`. */
  withTemporary<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** Checks that a file is the CLI, and moves it into the cache in one step. */
  keep(file: string): Promise<void>;
}

/** The user's cache, shared by all clones: a fresh one does not fetch 45 MB again. */
export function cliCache(env: NodeJS.ProcessEnv): CliCache {
  const folder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'hookyard', `temporal-${CLI_VERSION}`);
  const path = join(folder, 'temporal');
  return {
    folder,
    path,
    async withTemporary(work) {
      await mkdir(folder, { recursive: true });
      const temporary = await mkdtemp(join(folder, 'download-'));
      try {
        return await work(temporary);
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    },
    async keep(file) {
      await chmod(file, 0o755);
      const { stdout } = await execa(file, ['--version'], { timeout: 20_000 });
      if (!stdout.includes('temporal version'))
        throw new Error(`what was downloaded is not the Temporal CLI: ${stdout}`);
      await rename(file, path);
    },
  };
}
