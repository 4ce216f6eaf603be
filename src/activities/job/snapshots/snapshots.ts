import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { mapAtOnce } from '../../../async/at-once.js';
import { withDeadline } from '../../../async/deadline.js';
import { mapInTurns } from '../../../async/yield-to-event-loop.js';
import { isGits } from '../../../runs/kept-path.js';
import { contentsOf, pack, unpack } from '../packing/archive.js';
import { type Changed, type ChangedFile, changedSince, sizeOf } from '../packing/changed-files.js';
import { REPLACED } from '../packing/names-as-bytes.js';
import type { GracePeriods } from '../process-group.js';
import { hostRunner } from '../runners/host-runner.js';
import type { Runner } from '../runners/runner.js';
import type { Workspace } from '../workspace.js';
import { readGone, removeGone, writeGone } from './gone-files.js';
import { readLearnt, writeLearnt } from './learnt-values.js';
import { readJson } from './read-json.js';
import { type WithRoom, withRoom } from './smallest-that-fit.js';
import { type Manifest, manifestSchema, type SnapshotName } from './snapshot.js';
import { before, foundAt, placeOf, placesIn, snapshotsIn, takePlace } from './snapshot-places.js';
import { readJob, type StoredJob, writeJob } from './stored-job.js';

/** What is to be kept, and whose. */
export interface NewSnapshot extends Omit<Manifest, 'at' | 'bringsBack' | 'folder'> {
  readonly workspace: Pick<Workspace, 'folder'>;
  /** Unix ms: what was changed in the workspace since then, steps have changed. */
  readonly since: number;
  /** What lets the workspace be opened outside of a run. */
  readonly job?: StoredJob;
  /** What its steps have told to be hidden. */
  readonly learnt?: readonly string[];
  /**
   * Returns the paths of the files that were checked out: those that are not there any more are not there again later. Undefined where
   * nobody can tell: then they are, and the manifest says so.
   */
  readonly tracked: (signal: AbortSignal) => Promise<readonly string[] | undefined>;
  /** Which submodules were checked out, below the checkout. */
  readonly submodules?: readonly string[];
  /** Keeps git's own folders of the checkout too, not its settings alone, and nothing where not all of it can be kept. */
  readonly whole?: true;
  /** Packs it: that of the job's steps, or the host's. */
  readonly runner?: Runner;
  /** Ends it, and nothing is kept. */
  readonly signal: AbortSignal;
}

/** What was kept, and what could not be. */
export type KeptSnapshot = Omit<WithRoom, 'paths'> & Pick<Changed, 'unnamed' | 'unread'>;

const CHECKOUT = 'src';
const FOLDERS = [CHECKOUT, 'home'] as const;
/** Of one workspace, uncompressed; and of what is known of its steps, which is told to the run. */
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_FILES = 200_000;
/** Of all that are kept, compressed: the oldest go first. */
const MAX_ALL_BYTES = 4 * 1024 * 1024 * 1024;
const MAX_TOLD = 256 * 1024;
const AT_ONCE = 100;
const PACK_MS = 120_000;
const UNPACK_MS = 300_000;

/**
 * Keeps what the steps of a job have made or changed in its workspace: below the data folder, compressed, readable by this user alone,
 * in the place of the snapshot of the same name. The smallest files first, as far as there is room. Throws when it can't be written, or
 * takes longer than two minutes.
 */
export async function keepSnapshot(
  data: string,
  snapshot: NewSnapshot,
  gracePeriods: GracePeriods,
): Promise<KeptSnapshot> {
  const { of, workspace, since, job, learnt = [], tracked, whole, runner = hostRunner, ...rest } = snapshot;
  const { signal: parent, submodules = [], ...known } = rest;
  const { folder } = workspace;
  const manifest: Manifest = { of, at: Date.now(), folder: basename(folder), ...known };
  if (Buffer.byteLength(JSON.stringify(manifest)) > MAX_TOLD)
    throw new Error('its steps have told more than a run can be told again');
  const place = placeOf(data, of);
  const making = `${place}.${randomUUID()}.new`;
  await mkdir(making, { recursive: true, mode: 0o700 });
  try {
    const error = () => new Error(`packing it took more than ${PACK_MS / 60_000} minutes`);
    return await withDeadline({ ms: PACK_MS, parent, error }, async (signal) => {
      const paths = await tracked(signal);
      const ofCommit = new Set<string>();
      await mapInTurns(paths ?? [], (path) => ofCommit.add(path), signal);
      const below = `${CHECKOUT}/`;
      const gits = new Set(['', ...submodules].map((path) => join(CHECKOUT, path, '.git')));
      // All else in a checkout steps have put there, and may have moved the folder that it lies in.
      const wasThere = (path: string) =>
        !path.startsWith(below) || ofCommit.has(path.slice(below.length)) || gits.has(gitOf(path));
      // Without its own, git in a clone would take it for a part of the checkout, and commit there. In the home, none is above.
      const isCloned = (path: string) => path.startsWith(below) && !gits.has(path);
      const looked = { folder, below: FOLDERS, since, ...(paths && { wasThere }), git: whole ?? isCloned, signal };
      const changed = await changedSince(looked);
      const goneOf = (path: string) => (changed.isGone(`${CHECKOUT}/${path}`) ? [path] : []);
      // Git's own folder is in each checkout, and in one that is shallow what cuts its history off: steps may have fetched the rest.
      const own = whole ? ['.git', '.git/shallow'] : ['.git'];
      const gone = (await mapInTurns(paths ? [...own, ...paths] : [], goneOf, signal)).flat();
      // Who has moved a folder to the place of another has taken its files from where they were: nothing is there, or what was made since.
      const made = changed.files.filter(({ path }) => path.startsWith(below) && ofCommit.has(path.slice(below.length)));
      const names = new Set([...gone, ...made.map(({ path }) => path)].map((path) => basename(path)));
      // The home had no folders.
      const isMoved = (path: string) => !path.startsWith(below) || names.has(basename(path));
      const replaced = changed.doubtful.filter(({ path }) => isMoved(path));
      const files = [...changed.files, ...replaced, ...(whole ? [] : await gitSettings(folder, gits, since))];
      const { paths: packed, ...room } = withRoom(files, { files: MAX_FILES, bytes: MAX_BYTES });
      const { unnamed, unread } = changed;
      const kept = { ...room, unnamed, unread };
      if (whole && kept.leftOut.files + unnamed.length + unread.length > 0) return kept;
      // By what stands for its name, none is removed again.
      const lost = gone.filter((path) => path.includes(REPLACED));
      if (whole && lost.length > 0) return { ...kept, unnamed: lost };
      await writeGone(making, gone);
      const call = { cwd: folder, signal, gracePeriods, runner };
      await pack(join(making, 'files'), [...changed.folders, ...packed], call);
      // As it is looked at before it is restored: nothing is promised that is refused then.
      const { bytes } = await contentsOf(join(making, 'files'), call);
      // Logs may grow while they are packed, but not by so much.
      if (bytes > 2 * MAX_BYTES) throw new Error('its files have grown while they were packed');
      if (job) await writeJob(making, job);
      await writeLearnt(making, learnt);
      const told: Manifest = { ...manifest, ...((!paths || lost.length > 0) && { bringsBack: true }) };
      await writeFile(join(making, 'manifest.json'), JSON.stringify(told), { mode: 0o600 });
      await takePlace(making, place);
      await boundAll(snapshotsIn(data));
      return kept;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Returns git's own folder that a path lies in, or that it is of; an empty text for any other. */
function gitOf(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, parts.findIndex(isGits) + 1).join('/');
}

/**
 * Returns git's settings of a checkout and its submodules, where steps have changed them: `git config` is run once, for the steps that
 * follow. `gits`: their own folders of git. Steps may have put a link in the place of any folder.
 */
async function gitSettings(folder: string, gits: Iterable<string>, since: number): Promise<readonly ChangedFile[]> {
  const real = await realpath(folder);
  const settings = await mapAtOnce([...gits], AT_ONCE, async (git): Promise<readonly ChangedFile[]> => {
    const path = `${git}/config`;
    const at = await realpath(join(real, git)).catch(() => undefined);
    const file = at === join(real, git) ? await lstat(join(at, 'config')).catch(() => undefined) : undefined;
    return !file?.isFile() || file.ctimeMs < since ? [] : [{ path, ...sizeOf(file) }];
  });
  return settings.flat();
}

/** Returns what is known of a snapshot; undefined if there is none here. */
export async function findSnapshot(data: string, name: SnapshotName): Promise<Manifest | undefined> {
  return readManifest(foundAt(placeOf(data, name)));
}

/** Returns what is known of the failed jobs of a run that snapshots are here of. */
export async function findSnapshots(data: string, workflowId: string): Promise<readonly Manifest[]> {
  const all = await Promise.all((await placesIn(snapshotsIn(data))).map(readManifest));
  return all.flatMap((one) => (one?.of.workflowId === workflowId && one.of.hold === undefined ? [one] : []));
}

/** Returns what lets the workspace of a failed job be opened outside of a run; undefined where an older version has kept it. */
export function findJob(data: string, name: SnapshotName): Promise<StoredJob | undefined> {
  return readJob(foundAt(placeOf(data, name)));
}

/** Returns what the steps of a job that is kept had told to be hidden. */
export function findLearnt(data: string, name: SnapshotName): Promise<readonly string[]> {
  return readLearnt(foundAt(placeOf(data, name)));
}

/** Puts the files of a snapshot into a workspace, over its checkout of the same commit. Throws when they can't be read, or that takes longer than five minutes. */
export async function restoreSnapshot(
  data: string,
  {
    of,
    workspace,
    runner = hostRunner,
    signal,
  }: { of: SnapshotName; workspace: Pick<Workspace, 'folder'>; runner?: Runner; signal: AbortSignal },
  gracePeriods: GracePeriods,
): Promise<void> {
  const place = foundAt(placeOf(data, of));
  const { folder: cwd } = workspace;
  const error = () => new Error(`unpacking it took more than ${UNPACK_MS / 60_000} minutes`);
  await withDeadline({ ms: UNPACK_MS, parent: signal, error }, async (ending) => {
    // First: steps may have put links in the place of folders, which lead out of the workspace.
    await removeGone(join(cwd, CHECKOUT), await readGone(place));
    const call = { cwd, signal: ending, gracePeriods, runner };
    await contentsOf(join(place, 'files'), call);
    await unpack(join(place, 'files'), { ...call, git: true });
  });
}

/** Removes a snapshot. Never rejects: what stays is swept. */
export async function dropSnapshot(data: string, name: SnapshotName): Promise<void> {
  const place = placeOf(data, name);
  for (const each of [place, before(place)]) await rm(each, { recursive: true, force: true }).catch(() => undefined);
}

/** Removes the snapshots that `isOver` names. `madeAt`: in Unix ms; the manifest is undefined of what can't be read. */
export async function sweepSnapshots(
  data: string,
  isOver: (snapshot: { readonly madeAt: number; readonly manifest: Manifest | undefined }) => Promise<boolean>,
): Promise<void> {
  const root = snapshotsIn(data);
  for (const name of await readdir(root).catch(() => [])) {
    const place = join(root, name);
    const manifest = await readManifest(place);
    const madeAt = manifest?.at ?? (await stat(place).catch(() => undefined))?.mtimeMs ?? 0;
    if (await isOver({ madeAt, manifest })) await rm(place, { recursive: true, force: true });
  }
}

async function boundAll(root: string): Promise<void> {
  const sizes = await Promise.all(
    (await placesIn(root)).map(async (place) => {
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
  const read = manifestSchema.safeParse(await readJson(join(place, 'manifest.json')));
  return read.success ? (read.data as Manifest) : undefined;
}
