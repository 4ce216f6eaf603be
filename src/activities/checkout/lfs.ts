import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { notConfigured, refused } from '../failures.js';
import { type GitAnswer, type GitCall, type GitSetting, git, remoteFailure } from '../git/git.js';
import { lfsObjects, noteLfsUse } from '../git/lfs-storage.js';
import type { GitRemote } from '../git/remote.js';
import { readAddress } from './address.js';
import { findPointers, type Pointer, placeOf, stillPointers } from './lfs-pointers.js';
import { type LfsServers, serversOf } from './lfs-servers.js';

/** How Git LFS is asked for what it keeps. */
export interface LfsOptions extends LfsServers {
  /** The mirror whose folder keeps what has come, so that the next job need not fetch it. */
  readonly mirror: string;
  /** Comes before paths in failures: where in the job's checkout this one is. */
  readonly below?: string;
}

/** In failures; of more, how many. */
const MAX_NAMED = 20;

/** What makes git use Git LFS, as `git lfs install` has it. */
const FILTER = {
  clean: 'git-lfs clean -- %f',
  smudge: 'git-lfs smudge -- %f',
  process: 'git-lfs filter-process',
  required: 'true',
};

/**
 * Puts the content of files that Git LFS keeps in the place of their pointers, with the worker's `git-lfs`. Throws `NotConfigured` with their names where there is no `git-lfs`, and never leaves a pointer.
 */
export async function fillLfs(call: GitCall, { remotes, mirror, configOf, below = '' }: LfsOptions): Promise<void> {
  const pointers = await findPointers(call);
  if (pointers.length === 0) return;
  const { cwd, signal } = call;
  const named = inWords(pointers, below);
  if (!(await git({ cwd, signal }, 'lfs', 'version')).ok)
    throw notConfigured(
      `Git LFS keeps ${named}, and this worker has no git-lfs on its PATH: install it there (apt-get install git-lfs), or run the job with checkout: { lfs: false } to get pointers`,
    );
  // What lies on this machine need not be kept twice; and of such a remote, `git-lfs` would look into the storage of ours.
  const storage = readAddress(remotes[0].url)?.kind === 'file' ? undefined : lfsObjects(mirror);
  if (storage !== undefined) await mkdir(storage, { recursive: true });
  const servers = await serversOf(call, { remotes, configOf });
  let left: readonly Pointer[] = pointers;
  const answers: GitAnswer[] = [];
  for (const { remote, url } of servers) {
    const settings = settingsFor(remote, { url, storage });
    answers.push(await writeAnew({ ...call, remote, asksForCredentials: true, settings }, left));
    left = await withoutContent(cwd, left);
    if (left.length === 0) break;
  }
  if (left.length > 0 || !answers.at(-1)?.ok) {
    const what = `git-lfs does not get ${left.length > 0 ? inWords(left, below) : named}`;
    throw failureOf(`${what} from ${servers.map(({ remote }) => remote.url).join(' or ')}`, answers);
  }
  const oids = pointers.flatMap(({ oid }) => oid ?? []);
  if (storage !== undefined) await noteLfsUse(storage, oids);
  // For steps that commit, or look at what has changed.
  const filter = Object.entries(FILTER).map(([name, value]) => `\t${name} = ${value}\n`);
  await appendFile(join(cwd, '.git', 'config'), `[filter "lfs"]\n${filter.join('')}`);
}

/** Returns git's settings for files to come from a server through `git-lfs`. */
function settingsFor(
  remote: GitRemote,
  { url, storage }: { url: string; storage: string | undefined },
): readonly GitSetting[] {
  return [
    ...Object.entries(FILTER).map(([name, value]): GitSetting => [`filter.lfs.${name}`, value]),
    ...(storage === undefined ? [] : ([['lfs.storage', storage]] as const)),
    ['lfs.url', url],
    ...accessTo(remote),
    // Whatever `.lfsconfig` leaves out.
    ['lfs.fetchinclude', ''],
    ['lfs.fetchexclude', ''],
  ];
}

/** Returns a failure that is final where no server has what is missing: one that did not say so may have it. */
function failureOf(what: string, answers: readonly GitAnswer[]): Error {
  const isMissing = ({ said }: GitAnswer) =>
    // Digits alone may be of a file's name.
    /does not exist on the server|remote missing object|object not found:|\[4(?:04|10)\]|\bHTTP 4(?:04|10)\b/i.test(
      said,
    );
  const other = answers.find((answer) => !isMissing(answer));
  return other ? remoteFailure(what, other) : refused(`${what}: ${answers.at(-1)?.said}`);
}

/** Has git write these files once more, through `git-lfs`: `git lfs pull` would look into each small file of the commit. */
async function writeAnew(call: GitCall, pointers: readonly Pointer[]): Promise<GitAnswer> {
  const paths = pointers.map(({ path }) => path);
  // Git writes no file that is there as it should be.
  for (const path of paths) await rm(placeOf(call.cwd, path), { force: true });
  const env = { GIT_LITERAL_PATHSPECS: '1' };
  return git(
    { ...call, env, input: Buffer.from(paths.join('\0'), 'latin1') },
    'checkout',
    '--quiet',
    '--pathspec-from-file=-',
    '--pathspec-file-nul',
  );
}

/** Returns those of the files that are pointers still, or not there. */
async function withoutContent(checkout: string, files: readonly Pointer[]): Promise<readonly Pointer[]> {
  const pointers = await stillPointers(
    checkout,
    files.map(({ path }) => path),
  );
  return files.filter(({ path }) => !existsSync(placeOf(checkout, path)) || pointers.some((one) => one.path === path));
}

/** Returns what makes `git-lfs` ask for the credentials of a host before it is refused there, where the remote has some. */
function accessTo({ url, token }: GitRemote): readonly GitSetting[] {
  const own = readAddress(url);
  return token && own?.kind === 'http' ? [[`lfs.${own.origin}.access`, 'basic']] : [];
}

function inWords(pointers: readonly Pointer[], below: string): string {
  const named = pointers
    .slice(0, MAX_NAMED)
    .map(({ path }) => JSON.stringify(`${below}${Buffer.from(path, 'latin1')}`));
  const more = pointers.length > MAX_NAMED ? ` and ${pointers.length - MAX_NAMED} more files` : '';
  return `${named.join(', ')}${more}`;
}
