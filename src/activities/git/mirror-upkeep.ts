import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import type { RecordStore } from '../../store/store.js';
import { borrowedObjects } from '../job/borrowed-objects.js';
import type { WhichEngine } from '../job/runners/container/find-engine.js';
import { sweepWorkspaces } from '../job/sweep.js';
import { forgetTrees, sweepTrees } from '../job/trees/sweep-trees.js';
import type { WorkspacePlaces } from '../job/workspace-root.js';
import { atWorkIn } from './at-work.js';
import { expireBuildRefs, limitBuildRefs } from './build-refs.js';
import { type ForgottenMark, forgottenMarks } from './forgotten-marks.js';
import { expireLfs } from './lfs-storage.js';
import { type KeptMirror, listMirrors, removeMirror, sweepMirrors } from './mirror-generations.js';
import { repackIfScattered } from './repack.js';

/** What {@link startMirrorUpkeep} works with. */
export interface UpkeepDeps {
  readonly config: WorkspacePlaces & WhichEngine & { readonly jobs: { readonly keep?: Config['jobs']['keep'] } };
  readonly records: Pick<RecordStore, 'list'>;
  readonly log: Logger;
}

const EVERY_MS = 10 * 60_000;
/** Longer than a job runs, and than a run usually waits for its approval. What is needed after that is fetched again. */
const BUILD_REFS_MS = 30 * 24 * 60 * 60_000;

/**
 * Keeps this machine's git mirrors small, every ten minutes until it is stopped: removes those that nobody uses any more or
 * that were to be forgotten, lets refs expire that were fetched for a build, and repacks what has become scattered. A mirror
 * that a checkout borrows objects from is left for the next time. Also removes the workspaces of workers that were killed, and
 * sweeps the files that are kept for jobs.
 */
export function startMirrorUpkeep(deps: UpkeepDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await keepMirrors(deps, signal).catch((error: Error) => {
        if (!signal.aborted)
          deps.log.warn({ because: error.message }, 'the git mirrors could not be tidied; tried again');
      });
      await wait(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Goes through all mirrors once, then through what is kept for jobs. */
export async function keepMirrors({ config, records, log }: UpkeepDeps, signal: AbortSignal): Promise<void> {
  await sweepWorkspaces({ config, log });
  await sweepMirrors(config.data);
  const marks = await forgottenMarks(records);
  for (const mirror of await listMirrors(config.data)) {
    if (signal.aborted) return;
    const before = Math.max(0, ...marks.filter((mark) => isMeant(mark, mirror)).map(({ at }) => at));
    try {
      await forgetTrees(config, { mirror: basename(mirror.root), before });
      await atWorkIn(mirror.folder, () => keepMirror({ config, log }, mirror, { before, signal }));
    } catch (error) {
      if (signal.aborted) return;
      // As one that another user has made: the others are not to stay for its sake.
      const { message: because } = error as Error;
      log.warn({ mirror: mirror.root, because }, 'a git mirror could not be tidied; tried again');
    }
  }
  await sweepTrees(config);
}

/** `before`: it is to be forgotten if it was made before that, in Unix ms. */
async function keepMirror(
  { config, log }: Pick<UpkeepDeps, 'config' | 'log'>,
  mirror: KeptMirror,
  { before, signal }: { before: number; signal: AbortSignal },
): Promise<void> {
  const call = { cwd: mirror.folder, signal };
  await limitBuildRefs(call);
  // Asked for each: a job may have begun meanwhile.
  if ((await borrowedObjects(config)).has(join(mirror.folder, 'objects'))) return;
  if (before > (await madeAtOf(mirror))) {
    await removeMirror(mirror);
    log.info({ source: mirror.source }, 'removed a git mirror that was to be forgotten');
    return;
  }
  await expireLfs(mirror.folder);
  const expired = await expireBuildRefs(call, BUILD_REFS_MS);
  if (await repackIfScattered(call, { always: expired > 0 }))
    log.debug({ mirror: mirror.folder, expired }, 'repacked a git mirror');
}

function isMeant({ source, repository }: ForgottenMark, mirror: KeptMirror): boolean {
  if (source !== undefined && source !== mirror.source) return false;
  // Versions before did not note whose a mirror is: it may be the one.
  return repository === undefined || mirror.repositories === undefined || mirror.repositories.includes(repository);
}

/** Unix ms. Git writes this file of a bare repository once. */
async function madeAtOf({ folder }: KeptMirror): Promise<number> {
  return (await stat(join(folder, 'HEAD'))).mtimeMs;
}
