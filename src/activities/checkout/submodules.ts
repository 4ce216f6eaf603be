import { appendFile, lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mapAtOnce } from '../../async/at-once.js';
import type { Config } from '../../config/config.js';
import type { Providers } from '../../providers/apis.js';
import { refused } from '../failures.js';
import { wantsCredentials } from '../git/git.js';
import { type Mirror, openMirror } from '../git/mirror.js';
import { checkedSha } from '../git/names.js';
import { type Submodule, submodulesOf } from './gitmodules.js';
import { fillLfs } from './lfs.js';
import { makeRepository, writeFiles } from './make-checkout.js';
import { type SubmoduleOf, submoduleRemote } from './submodule-remote.js';

/** What {@link fillSubmodules} works with. */
export interface SubmoduleDeps {
  readonly config: Config;
  readonly providers: Providers;
  readonly signal: AbortSignal;
  readonly note: (text: string) => Promise<void>;
  /** Notes that the workspace borrows from a mirror, before it does. */
  readonly borrow: (mirror: string) => Promise<void>;
}

/** How submodules are filled. */
export interface SubmoduleOptions {
  readonly recursive: boolean;
  readonly lfs: boolean;
  /** Unix ms: their tags are as they were a day before that, or later. */
  readonly since: number;
}

/** A submodule that was filled. */
export interface FilledSubmodule {
  /** Below the checkout. */
  readonly path: string;
  readonly sha: string;
  readonly mirror: Mirror;
}

/** So that git in the steps looks at them without being told of each. */
const ACTIVE = '[submodule]\n\tactive = .\n';
const AT_ONCE = 4;
const MAX_SUBMODULES = 1_000;
/** Submodules in submodules. */
const MAX_DEEP = 20;
const TAGS_GOOD_MS = 24 * 60 * 60_000;

/**
 * Checks out the submodules of a checkout, through mirrors of their repositories, each as its commit names it. Nothing of
 * `.gitmodules` is run, and no path of it is written to: paths come from the commit, in which git allows none that leads outside.
 * Returns them. Throws `Refused` for a submodule without an address, or with one that git must not be given.
 */
export async function fillSubmodules(
  deps: SubmoduleDeps,
  of: SubmoduleOf,
  { folder, ...options }: SubmoduleOptions & { folder: string },
): Promise<readonly FilledSubmodule[]> {
  const filled: FilledSubmodule[] = [];
  let count = 0;
  const fill = async (at: string, parent: string, deep: number, above: string): Promise<void> => {
    const submodules = await submodulesOf({ cwd: at, signal: deps.signal });
    count += submodules.length;
    if (count > MAX_SUBMODULES || deep > MAX_DEEP)
      throw refused(`more than ${MAX_SUBMODULES} submodules, or ${MAX_DEEP} within one another, are not checked out`);
    if (submodules.length > 0) await appendFile(join(at, '.git', 'config'), ACTIVE);
    const failures: unknown[] = [];
    await mapAtOnce(submodules, AT_ONCE, async (submodule) => {
      if (failures.length > 0) return;
      const shown = `${above}${submodule.path}`;
      try {
        const { target, url, mirror } = await fillOne(deps, { ...of, parent }, { at, submodule, shown, ...options });
        filled.push({ path: shown, sha: submodule.sha, mirror });
        if (options.recursive) await fill(target, url, deep + 1, `${shown}/`);
      } catch (error) {
        // Those beside it end first: nothing is written any more once this has failed.
        failures.push(error);
      }
    });
    if (failures.length > 0) throw failures[0];
  };
  await fill(folder, of.parent, 1, '');
  return filled;
}

async function fillOne(
  deps: SubmoduleDeps,
  of: SubmoduleOf,
  { at, submodule, shown, lfs, since }: SubmoduleOptions & { at: string; submodule: Submodule; shown: string },
): Promise<{ target: string; url: string; mirror: Mirror }> {
  const { path, sha, url } = submodule;
  if (url === undefined) throw refused(`.gitmodules has no url for the submodule ${JSON.stringify(shown)}`);
  const { remote, repository, withheld } = await submoduleRemote(deps, { path: shown, url }, of);
  const how = withheld === undefined ? '' : `, without credentials: ${withheld}`;
  await deps.note(`submodule ${JSON.stringify(shown)} at ${sha.slice(0, 12)} of ${remote.url}${how}`);
  const { config, signal } = deps;
  const mirror = await openMirror({ data: config.data, remote, repositories: [repository], signal });
  // Before its objects are looked for, and again, since it may be replaced meanwhile: none is dropped from now on.
  await deps.borrow(mirror.folder());
  const wanted = { sha: checkedSha(sha), beside: { branches: [], since: since - TAGS_GOOD_MS } };
  await mirror.ensureCommit(wanted).catch((error: Error) => {
    throw withheld !== undefined && wantsCredentials(error.message) ? refused(`${error.message}${how}`) : error;
  });
  const target = await emptyFolder(at, path);
  await deps.borrow(mirror.folder());
  const call = { cwd: target, signal };
  await makeRepository(call, { sha, url: remote.url, mirrors: [mirror], branches: { names: [], default: undefined } });
  await writeFiles(call, { commit: sha, from: mirror, wanted });
  const configOf = of.untrusted ? undefined : { repository: target, revision: 'HEAD' };
  if (lfs) await fillLfs(call, { remotes: [remote], mirror: mirror.folder(), configOf, below: `${shown}/` });
  return { target, url: remote.url, mirror };
}

/** Makes the folder of a submodule anew, and returns its path. No link on the way is followed. */
async function emptyFolder(at: string, path: string): Promise<string> {
  const target = join(at, path);
  const above = join(target, '..');
  await mkdir(above, { recursive: true });
  if ((await realpath(above)) !== join(await realpath(at), path, '..') || (await lstat(above)).isSymbolicLink())
    throw refused(`the submodule ${JSON.stringify(path)} lies behind a link`);
  await rm(target, { recursive: true, force: true });
  await mkdir(target);
  return target;
}
