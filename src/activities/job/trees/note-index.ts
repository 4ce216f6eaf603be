import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { KeepableTree, Workspace } from '../workspace.js';
import { now } from './clock.js';
import { copyWithTime } from './copy-with-time.js';
import { hashOf } from './note.js';

/** What times in ms are told apart by as numbers, and to spare. */
const LEAST_MS = 0.01;
const TICKS = 100;

/**
 * Keeps a copy of the index where the job's own git does not write, and waits until the file system's clock has gone on: so what
 * the job changes is told from what was checked out. Returns undefined on a file system whose clock is too coarse for that.
 */
export async function noteIndex({ folder, source }: Workspace, place: string): Promise<KeepableTree | undefined> {
  const [written, index] = [join(source, '.git/index'), join(folder, 'index')];
  // Git writes the index last.
  const before = (await stat(written)).ctimeMs;
  for (let tick = 0; tick < TICKS; tick++) {
    await copyWithTime(written, index);
    const after = (await stat(index)).ctimeMs;
    if (after - before > LEAST_MS) {
      const indexHash = await hashOf(index);
      const changedFromMs = (before + after) / 2;
      return indexHash === undefined ? undefined : { place, indexHash, changedFromMs, notedAt: now() };
    }
    await wait(1);
  }
  return undefined;
}
