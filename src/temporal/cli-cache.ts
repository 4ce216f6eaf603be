import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { homeFolder } from '../paths.js';
import { shortEnvironment } from '../secrets/short-environment.js';

/** The version of the CLI that is downloaded. */
export const CLI_VERSION = '1.9.1';

/** The folder that holds the Temporal CLI. */
export interface CliCache {
  readonly folder: string;
  /** Where the CLI is, once it has been {@link keep kept}. */
  readonly path: string;
  /** Calls `work` with an empty folder beside it, and removes the folder afterwards. */
  withTemporary<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** Moves a file into the cache in one step. Throws if it is not the CLI. */
  keep(file: string): Promise<void>;
}

/** Returns the user's cache, which all clones share: a fresh one does not fetch 45 MB again. */
export function cliCache(env: NodeJS.ProcessEnv): CliCache {
  const folder = join(env.XDG_CACHE_HOME || join(homeFolder() ?? '/', '.cache'), 'hookyard', `temporal-${CLI_VERSION}`);
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
      const { stdout } = await execa(file, ['--version'], {
        env: shortEnvironment(),
        extendEnv: false,
        timeout: 20_000,
      });
      if (!stdout.includes('temporal version'))
        throw new Error(`the downloaded file is not the Temporal CLI: ${stdout}`);
      await rename(file, path);
    },
  };
}
