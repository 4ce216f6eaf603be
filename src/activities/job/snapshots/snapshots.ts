import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { withDeadline } from '../../../async/deadline.js';
import type { HostStep, StepRan } from '../../contract/index.js';
import { type GracePeriods, startGroup } from '../process-group.js';
import type { Workspace } from '../workspace.js';
import { changedSince } from './changed-files.js';

/** Which job of which run a snapshot is of, and on what commit. */
export interface SnapshotOf {
  readonly workflowId: string;
  readonly job: string;
  readonly source: string;
  /** A hash of the repository's name: `mirrorMark`. */
  readonly repository: string;
  readonly sha: string;
}

/** A step that ran before the workspace was kept. */
export interface RanStep {
  readonly number: number;
  readonly step: HostStep;
  readonly ran: StepRan;
}

/** What was kept. */
export interface KeptSnapshot {
  readonly files: number;
  readonly bytes: number;
  /** What there was no room for. */
  readonly leftOut: { readonly files: number; readonly bytes: number };
}

const manifestSchema = z.object({
  of: z.object({
    workflowId: z.string(),
    job: z.string(),
    source: z.string(),
    repository: z.string(),
    sha: z.string(),
  }),
  at: z.number(),
  /** Of the step that did not pass, from 1. */
  failedAt: z.number(),
  ran: z.array(z.object({ number: z.number(), step: z.unknown(), ran: z.unknown() })),
});

/** What is known of a kept workspace. */
export interface Manifest {
  readonly of: SnapshotOf;
  /** When it was kept, Unix ms. */
  readonly at: number;
  readonly failedAt: number;
  readonly ran: readonly RanStep[];
}

const FOLDERS = ['src', 'home'] as const;
/** Of one workspace, uncompressed; and of what is known of its steps, which is told to the run. */
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_FILES = 200_000;
/** Of all that are kept, compressed: the oldest go first. */
const MAX_ALL_BYTES = 4 * 1024 * 1024 * 1024;
const MAX_TOLD = 256 * 1024;
const PACK_MS = 120_000;
const ENV = { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8' };

/**
 * Keeps what the steps of a job have made or changed in its workspace: below the data folder, compressed, readable by this user alone.
 * The smallest files first, as far as there is room. Throws when it can't be written, or takes longer than two minutes.
 */
export async function keepSnapshot(
  data: string,
  {
    of,
    workspace,
    since,
    ...known
  }: Omit<Manifest, 'at'> & { readonly workspace: Pick<Workspace, 'folder'>; readonly since: number },
  gracePeriods: GracePeriods,
): Promise<KeptSnapshot> {
  const manifest: Manifest = { of, at: Date.now(), ...known };
  const written = JSON.stringify(manifest);
  if (Buffer.byteLength(written) > MAX_TOLD) throw new Error('its steps have told more than a run can be told again');
  const place = placeOf(data, of);
  const making = `${place}.new`;
  await rm(making, { recursive: true, force: true });
  await mkdir(making, { recursive: true, mode: 0o700 });
  try {
    return await withDeadline({ ms: PACK_MS }, async (signal) => {
      const { folder } = workspace;
      const all = await changedSince({ folder, below: FOLDERS, since, signal });
      let bytes = 0;
      const kept = all.slice(0, MAX_FILES).filter((file) => {
        if (bytes + file.bytes > MAX_BYTES) return false;
        bytes += file.bytes;
        return true;
      });
      const list = join(making, 'list');
      await writeFile(
        list,
        withFolders(kept.map(({ path }) => path))
          .map((path) => `./${path}\0`)
          .join(''),
      );
      await tar(
        [
          '--create',
          '--gzip',
          '--no-recursion',
          '--ignore-failed-read',
          '--null',
          '--files-from',
          list,
          '--file',
          join(making, 'files'),
        ],
        {
          ...{ cwd: folder, signal, gracePeriods },
        },
      );
      await rm(list);
      await writeFile(join(making, 'manifest.json'), written, { mode: 0o600 });
      await rm(place, { recursive: true, force: true });
      await rename(making, place);
      await boundAll(join(data, 'snapshots'));
      const total = all.reduce((sum, file) => sum + file.bytes, 0);
      return { files: kept.length, bytes, leftOut: { files: all.length - kept.length, bytes: total - bytes } };
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Returns what is known of a kept workspace; undefined if there is none here. */
export async function findSnapshot(
  data: string,
  of: Pick<SnapshotOf, 'workflowId' | 'job'>,
): Promise<Manifest | undefined> {
  return readManifest(placeOf(data, of));
}

/** Puts a kept workspace's files into another one, over its checkout of the same commit. Throws when they can't be read. */
export async function restoreSnapshot(
  data: string,
  { of, workspace, signal }: { of: SnapshotOf; workspace: Pick<Workspace, 'folder'>; signal: AbortSignal },
  gracePeriods: GracePeriods,
): Promise<void> {
  const cwd = workspace.folder;
  await tar(['--extract', '--gzip', '--file', join(placeOf(data, of), 'files')], {
    cwd,
    signal,
    gracePeriods,
  });
}

/** Removes a kept workspace. */
export function dropSnapshot(data: string, of: Pick<SnapshotOf, 'workflowId' | 'job'>): Promise<void> {
  return rm(placeOf(data, of), { recursive: true, force: true });
}

/** Removes kept workspaces: those from before a time in Unix ms, and those that `isForgotten` names. */
export async function sweepSnapshots(
  data: string,
  { before, isForgotten }: { before: number; isForgotten: (manifest: Manifest) => boolean },
): Promise<void> {
  const root = join(data, 'snapshots');
  for (const name of await readdir(root).catch(() => [])) {
    const place = join(root, name);
    const manifest = await readManifest(place);
    const madeAt = manifest?.at ?? (await stat(place).catch(() => undefined))?.mtimeMs ?? 0;
    if (madeAt < before || (manifest && isForgotten(manifest))) await rm(place, { recursive: true, force: true });
  }
}

/** The folders too: where a checkout has a link of their name, unpacking puts them in its place instead of following it. */
function withFolders(paths: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths)
    for (let at = dirname(path); at !== '.' && !folders.has(at); at = dirname(at)) folders.add(at);
  return [...[...folders].sort(), ...paths];
}

async function boundAll(root: string): Promise<void> {
  const places = (await readdir(root)).filter((name) => !name.endsWith('.new')).map((name) => join(root, name));
  const sizes = await Promise.all(
    places.map(async (place) => {
      const files = await stat(join(place, 'files')).catch(() => undefined);
      return { place, bytes: files?.size ?? 0, at: files?.mtimeMs ?? 0 };
    }),
  );
  let total = 0;
  for (const { place, bytes } of sizes.sort((a, b) => b.at - a.at)) {
    total += bytes;
    if (total > MAX_ALL_BYTES) await rm(place, { recursive: true, force: true });
  }
}

async function readManifest(place: string): Promise<Manifest | undefined> {
  const text = await readFile(join(place, 'manifest.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const read = manifestSchema.safeParse(JSON.parse(text));
  return read.success ? (read.data as Manifest) : undefined;
}

function placeOf(data: string, { workflowId, job }: Pick<SnapshotOf, 'workflowId' | 'job'>): string {
  const name = createHash('sha256')
    .update(JSON.stringify([workflowId, job]))
    .digest('hex')
    .slice(0, 40);
  return join(data, 'snapshots', name);
}

async function tar(
  args: readonly string[],
  { cwd, signal, gracePeriods }: { cwd: string; signal: AbortSignal; gracePeriods: GracePeriods },
): Promise<void> {
  signal.throwIfAborted();
  const group = startGroup({ command: 'tar', args, cwd, env: ENV }, gracePeriods);
  const stop = () => void group.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    let said = '';
    const read = async (stream: AsyncIterable<Buffer>) => {
      for await (const chunk of stream) said = (said + chunk.toString()).slice(-500);
    };
    const [{ exitCode }] = await Promise.all([group.ended, read(group.stdout), read(group.stderr)]);
    signal.throwIfAborted();
    // 1: a file changed while it was read.
    if (exitCode !== 0 && exitCode !== 1) throw new Error(`tar failed: ${said.trim()}`);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
