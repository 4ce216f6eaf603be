import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotName } from './snapshot.js';

/** End of the name of a snapshot whose place another one is taking. */
const BEFORE = '.before';

/** Returns the folder of all snapshots. */
export function snapshotsIn(data: string): string {
  return join(data, 'snapshots');
}

/** Returns the folder that a snapshot of this name has, or will have. */
export function placeOf(data: string, { workflowId, job, nth, hold }: SnapshotName): string {
  const more = hold !== undefined ? [hold] : nth !== undefined ? [null, nth] : [];
  const name = createHash('sha256')
    .update(JSON.stringify([workflowId, job, ...more]))
    .digest('hex')
    .slice(0, 40);
  return join(snapshotsIn(data), name);
}

/** Returns the folders of all snapshots that can be read. Throws where they can't be listed. */
export async function placesIn(root: string): Promise<readonly string[]> {
  const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const all = new Set(names);
  const isRead = (name: string) =>
    !name.endsWith('.new') && !(name.endsWith(BEFORE) && all.has(name.slice(0, -BEFORE.length)));
  return names.filter(isRead).map((name) => join(root, name));
}

/** Puts what was made into its place. Whenever its process is killed meanwhile, it or what was there before is found. */
export async function takePlace(making: string, place: string): Promise<void> {
  const old = before(place);
  if (existsSync(place)) {
    await rm(old, { recursive: true, force: true });
    await rename(place, old);
  }
  await rename(making, place);
  await rm(old, { recursive: true, force: true });
}

/** Returns where a snapshot is found: it may just be taking its place. */
export function foundAt(place: string): string {
  return existsSync(place) ? place : before(place);
}

/** Returns where the one lies whose place another one is taking. */
export function before(place: string): string {
  return `${place}${BEFORE}`;
}
