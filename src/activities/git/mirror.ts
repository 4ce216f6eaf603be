import { createHash, createHmac } from 'node:crypto';
import { join } from 'node:path';
import { runExclusive } from '../../async/mutex.js';
import { mirrorMark } from '../../runs/forgotten-mirrors.js';
import { throwIfCancelled } from '../cancelled.js';
import { unavailable } from '../failures.js';
import { atWorkIn } from './at-work.js';
import { ensureCommit, ensureRefs, type FetchCall, fetchAll, type WantedCommit } from './fetch.js';
import { git } from './git.js';
import {
  currentGeneration,
  newGeneration,
  noteRepositories,
  noteUse,
  type ObjectFormat,
  objectFormatOf,
} from './mirror-generations.js';
import type { RefsBeside } from './refs-beside.js';
import type { GitRemote } from './remote.js';
import { isBroken, removeStaleLocks } from './repair.js';

/** A bare repository on this machine, from which workspaces are filled. */
export interface Mirror {
  /** A bare repository on this machine. It stays where it is for as long as anybody may use it. */
  folder(): string;
  /** Names it among the mirrors of this machine: each remote, and each of its credentials, has another one. */
  readonly name: string;
  /**
   * Fetches the commit unless it is there already, and returns its full name. Throws a final `Gone` when the remote does
   * not have it.
   */
  ensureCommit(commit: WantedCommit): Promise<string>;
  /** Fetches branches and tags that are older than they may be. */
  ensureRefs(beside: RefsBeside): Promise<void>;
  /** Replaces the mirror if an object of the commit can't be read. Returns whether it did. */
  replaceIfBroken(commit: WantedCommit): Promise<boolean>;
  /** Fetches all branches and tags, and deletes those that are gone. */
  fetchAll(): Promise<void>;
}

/**
 * Opens this machine's mirror of a remote repository, so that the next job of the repository fetches only what is new.
 * Each source has mirrors of its own, and another one once its credentials change: what one may read another need not.
 * A mirror that turns out to be broken is replaced by a new one, and whoever uses it keeps it.
 */
export async function openMirror({
  data,
  remote,
  repositories,
  signal,
}: {
  data: string;
  remote: GitRemote;
  /** Full names by which it may have to be forgotten: its own, and that of the repository whose fork it is. */
  repositories: readonly string[];
  signal: AbortSignal;
}): Promise<Mirror> {
  const name = mirrorName(remote);
  const root = join(data, 'mirrors', name);
  // Git's own locks keep other processes apart.
  const alone = <T>(work: () => Promise<T>) =>
    runExclusive({ key: root, signal }, work).catch(async (error: unknown) => {
      if (!signal.aborted || error !== signal.reason) throw error;
      await throwIfCancelled();
      throw unavailable('stopped while another job was fetching from the same repository');
    });
  const empty = () => Promise.resolve();
  let folder = await alone(
    async () => (await currentGeneration(root)) ?? (await newGeneration(root, signal, empty)).folder,
  );
  await noteUse(folder);
  const marks = repositories.map(mirrorMark);
  await noteRepositories(folder, marks);
  const call = () => ({ cwd: folder, signal, remote });

  const working = <T>(work: () => Promise<T>) => alone(() => atWorkIn(folder, work));
  /** Makes a mirror beside, in which `work` succeeds, and goes on with it. */
  const replace = async <T>(work: (call: FetchCall) => Promise<T>, format?: ObjectFormat): Promise<T> => {
    const named = format ?? (await objectFormatOf(folder));
    const made = await newGeneration(root, signal, (cwd) => work({ cwd, signal, remote }), named);
    folder = made.folder;
    await noteRepositories(folder, marks);
    return made.filled;
  };
  /** Does the work, and once more after a repair if the mirror was at fault. That is looked at only if the remote answers. */
  const withRepair = async <T>(work: (call: FetchCall) => Promise<T>): Promise<T> => {
    try {
      return await work(call());
    } catch (error) {
      const answers = (await git(call(), 'ls-remote', '--quiet', '--end-of-options', remote.url, 'HEAD')).ok;
      if (!answers) throw error;
      const format = formatOfRemote(error);
      if (format) return await replace(work, format);
      if (await removeStaleLocks(folder)) return await work(call());
      if (await isBroken(call())) return await replace(work);
      throw error;
    }
  };
  return {
    name,
    folder: () => folder,
    ensureCommit: (commit) => working(() => withRepair((on) => ensureCommit(on, commit))),
    ensureRefs: (beside) => working(() => withRepair((on) => ensureRefs(on, beside))),
    replaceIfBroken: (commit) =>
      working(async () => {
        if (!(await isBroken(call(), commit.sha))) return false;
        await replace((on) => ensureCommit(on, commit));
        return true;
      }),
    fetchAll: () => working(() => withRepair(fetchAll)),
  };
}

/** Returns how a remote names its objects, where git could not fetch them since the mirror names its own otherwise: a new mirror can't know. */
function formatOfRemote(error: unknown): ObjectFormat | undefined {
  const [, format] = /mismatched algorithms: client \w+; server (sha1|sha256)\b/.exec((error as Error).message) ?? [];
  return format as ObjectFormat | undefined;
}

/** Returns the name of a remote's mirror. No credentials can be read from it. */
function mirrorName({ source = '', url, username, token, madeOf = token }: GitRemote): string {
  const names = JSON.stringify([source, url, username]);
  const hash = madeOf ? createHmac('sha256', madeOf.reveal()).update(names) : createHash('sha256').update(names);
  return `${source}-${hash.digest('hex').slice(0, 32)}`;
}
