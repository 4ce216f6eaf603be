import { existsSync } from 'node:fs';
import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { holdsCredentials } from '../../secrets/address-credentials.js';
import { notConfigured, refused } from '../failures.js';
import { type GitAnswer, type GitCall, type GitSetting, git, remoteFailure } from '../git/git.js';
import { lfsObjects, noteLfsUse } from '../git/lfs-storage.js';
import type { GitRemote } from '../git/remote.js';
import { readAddress } from './address.js';
import { findPointers, type Pointer, placeOf, stillPointers } from './lfs-pointers.js';

/** How Git LFS is asked for what it keeps. */
export interface LfsOptions {
  /** The mirror whose folder keeps what has come, so that the next job need not fetch it. */
  readonly mirror: string;
  /** Whether the repository's `.lfsconfig` may name another server: not where a stranger may have written it. */
  readonly trusted: boolean;
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
export async function fillLfs(
  call: GitCall & { readonly remote: GitRemote },
  { mirror, trusted, below = '' }: LfsOptions,
): Promise<void> {
  const pointers = await findPointers(call);
  if (pointers.length === 0) return;
  const { cwd, signal, remote } = call;
  const named = inWords(pointers, below);
  if (!(await git({ cwd, signal }, 'lfs', 'version')).ok)
    throw notConfigured(
      `Git LFS keeps ${named}, and this worker has no git-lfs on its PATH: install it there (apt-get install git-lfs), or run the job with checkout: { lfs: false } to get pointers`,
    );
  // What lies on this machine need not be kept twice; and of such a remote, `git-lfs` would look into the storage of ours.
  const storage = readAddress(remote.url)?.kind === 'file' ? undefined : lfsObjects(mirror);
  if (storage !== undefined) await mkdir(storage, { recursive: true });
  const settings: readonly GitSetting[] = [
    ...Object.entries(FILTER).map(([name, value]): GitSetting => [`filter.lfs.${name}`, value]),
    ...(storage === undefined ? [] : ([['lfs.storage', storage]] as const)),
    ['lfs.url', await serverOf(call, { trusted })],
    ...accessTo(remote),
    // Whatever `.lfsconfig` leaves out.
    ['lfs.fetchinclude', ''],
    ['lfs.fetchexclude', ''],
  ];
  const answer = await writeAnew({ ...call, asksForCredentials: true, settings }, pointers);
  const left = await withoutContent(cwd, pointers);
  if (left.length > 0 || !answer.ok) {
    const what = `git-lfs does not get ${left.length > 0 ? inWords(left, below) : named} from ${remote.url}`;
    // Digits alone may be of a file's name.
    if (
      /does not exist on the server|remote missing object|object not found:|\[4(?:04|10)\]|\bHTTP 4(?:04|10)\b/i.test(
        answer.said,
      )
    )
      throw refused(`${what}: ${answer.said}`);
    throw remoteFailure(what, answer);
  }
  const oids = pointers.flatMap(({ oid }) => oid ?? []);
  if (storage !== undefined) await noteLfsUse(storage, oids);
  // For steps that commit, or look at what has changed.
  const filter = Object.entries(FILTER).map(([name, value]) => `\t${name} = ${value}\n`);
  await appendFile(join(cwd, '.git', 'config'), `[filter "lfs"]\n${filter.join('')}`);
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

/** Returns the address of the LFS server: the repository's own, or the https one that the author's `.lfsconfig` names. */
async function serverOf(
  call: GitCall & { readonly remote: GitRemote },
  { trusted }: { trusted: boolean },
): Promise<string> {
  const { url } = call.remote;
  const named = async (name: string) =>
    (await git(call, 'config', '--blob', 'HEAD:.lfsconfig', '--get', name)).stdout.trim();
  // In git-lfs' order.
  const other = trusted ? (await named('lfs.url')) || (await named('remote.origin.lfsurl')) : '';
  if (other !== '') {
    const address = readAddress(other);
    if (address?.kind === 'http' && (address.url.startsWith('https:') || url.startsWith('http:'))) return address.url;
    const shown = holdsCredentials(other) ? 'an address that holds credentials' : JSON.stringify(other.slice(0, 200));
    throw refused(`.lfsconfig names ${shown} as the LFS server: it must be an https address without a password`);
  }
  const own = readAddress(url);
  if (own?.kind === 'http') return `${own.url.replace(/\/+$/, '').replace(/\.git$/, '')}.git/info/lfs`;
  return own?.kind === 'file' ? pathToFileURL(own.path).href : url;
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
