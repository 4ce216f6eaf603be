import { join } from 'node:path';
import { mapAtOnce } from '../../async/at-once.js';
import type { Config } from '../../config/config.js';
import type { Providers } from '../../providers/apis.js';
import { type BranchesBeside, branchesBeside } from '../checkout/branches.js';
import { serveCredentials } from '../checkout/credentials.js';
import { cutHistory } from '../checkout/cut-history.js';
import { fillLfs, type LfsOptions } from '../checkout/lfs.js';
import { makeRepository, writeFiles } from '../checkout/make-checkout.js';
import { type Merge, mergeInto } from '../checkout/merge.js';
import { ownerOf } from '../checkout/submodule-remote.js';
import { type FilledSubmodule, fillSubmodules } from '../checkout/submodules.js';
import { trackedFiles } from '../checkout/tracked-files.js';
import type { Checkout } from '../contract/index.js';
import type { WantedCommit } from '../git/fetch.js';
import { type Mirror, openMirror } from '../git/mirror.js';
import { objectFormatOf } from '../git/mirror-generations.js';
import { checkedRef, checkedSha } from '../git/names.js';
import { authorizedRemote, type GitRemote } from '../git/remote.js';
import { createPathCount, MOST_TRACKED } from '../path-count.js';
import { noteBorrowed } from './borrowed-objects.js';
import type { Releases } from './releases.js';
import { type Head, refsHash } from './snapshots/unkept-commits.js';
import { noteIndex } from './trees/note-index.js';
import { takeTree } from './trees/take-tree.js';
import { placeOf } from './trees/tree-folders.js';
import { isTrusted } from './trust.js';
import type { Workspace } from './workspace.js';

/** What {@link checkOut} works with. */
export interface CheckoutDeps {
  readonly config: Config;
  readonly providers: Providers;
  readonly workspace: Workspace;
  /** Those of other jobs that are being given back. */
  readonly releases?: Releases | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Tells whoever reads the job's log. */
  readonly note: (text: string) => Promise<void>;
}

/** A commit that is checked out. */
export interface CheckedOut {
  /** Variables for the steps. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of the repository that the event is of, as it says itself where the event does not; undefined where nobody does. */
  readonly defaultBranch: string | undefined;
  /** The commits whose files were checked out: the job's own, or its merge, and those of submodules. */
  readonly heads: readonly Head[];
  /**
   * Returns the paths of the files that were checked out, whatever the steps have done since. `submodules`: those of submodules too, and
   * their `.git`. Throws where git can't tell.
   */
  tracked(signal: AbortSignal, how?: { readonly submodules?: true }): Promise<readonly string[]>;
  /** Ends what steps may use of it for as long as the job lasts. To be called when that is over. */
  end(): Promise<void>;
}

/** Submodules whose files are listed at once. */
const AT_ONCE = 4;

/**
 * Checks out a commit into the workspace, through the machine's mirror of the repository, with its tags, the branches that it goes
 * by, and what the options ask for. The checkout borrows the mirror's objects instead of copying them, and holds no credentials.
 */
export async function checkOut(deps: CheckoutDeps, checkout: Checkout): Promise<CheckedOut> {
  const { config, providers, workspace, signal, note } = deps;
  const { source, options = {} } = checkout;
  const fetched = await fetchAll(deps, checkout);
  const { remote, from, head } = fetched;
  const { repository, home = repository } = checkout;
  const merge = await writeCommit(deps, checkout, fetched);

  const call = { cwd: workspace.source, signal };
  const untrusted = !isTrusted(checkout);
  const lfs = options.lfs !== false;
  if (lfs) await fillLfs(call, lfsOf(checkout, { workspace, ...fetched }));
  let submodules: readonly FilledSubmodule[] = [];
  if (options.submodules) {
    const borrow = (folder: string) => noteBorrowed(workspace.folder, folder);
    const of = {
      ...{ source, home: remote, parent: remote.url, untrusted },
      owners: [ownerOf(home), ...(options.submoduleOwners ?? [])],
      tokens: options.submoduleTokens ?? {},
    };
    const how = { folder: call.cwd, recursive: options.submodules === 'recursive', lfs, since: sinceOf(checkout) };
    submodules = await fillSubmodules({ config, providers, signal, note, borrow }, of, how);
  }
  const variables = merge ? { HOOKYARD_MERGE_COMMIT: merge.commit, HOOKYARD_BASE_COMMIT: merge.base } : {};
  // The objects of a merge are in the checkout alone, whose settings steps may have changed.
  const env = { GIT_ALTERNATE_OBJECT_DIRECTORIES: join(workspace.source, '.git', 'objects') };
  const commit = merge?.commit ?? head;
  const checkedOut = [{ path: '', commit }, ...submodules.map(({ path, sha }) => ({ path, commit: sha }))];
  const heads = await mapAtOnce(checkedOut, AT_ONCE, async (head): Promise<Head> => {
    return { ...head, refs: await refsHash(join(workspace.source, head.path)) };
  });
  const tracked: CheckedOut['tracked'] = async (signal, how = {}) => {
    const count = createPathCount(MOST_TRACKED);
    const own = await trackedFiles({ cwd: from.folder(), signal, env }, commit, { count });
    if (!how.submodules) return own;
    const theirs = await mapAtOnce(submodules, AT_ONCE, async ({ path, sha, mirror }) => {
      const below = `${path}/`;
      // A step may have removed all of it.
      return [`${below}.git`, ...(await trackedFiles({ cwd: mirror.folder(), signal }, sha, { below, count }))];
    });
    return [...own, ...theirs.flat()];
  };
  if (options.credentials && untrusted) await note("the steps get no credentials: the code may be a stranger's");
  const out = { variables, heads, tracked, defaultBranch: fetched.branches.default };
  if (!options.credentials || untrusted) return { ...out, end: async () => undefined };
  const renew = () => authorizedRemote({ config, providers }, { source, repository: home });
  return { ...out, end: await serveCredentials({ workspace, remote, renew }) };
}

/** What a checkout is made of: all of it is on this machine. */
interface Fetched {
  /** The repository that the event is of, with its tags and branches. */
  readonly remote: GitRemote;
  readonly mirror: Mirror;
  /** The one that has the commit, and its remote: a fork may have a mirror of its own. */
  readonly from: Mirror;
  readonly fromRemote: GitRemote;
  readonly wanted: WantedCommit;
  /** The commit's full name: Bitbucket Cloud names its first digits. */
  readonly head: string;
  readonly branches: BranchesBeside;
}

async function fetchAll({ config, providers, workspace, signal }: CheckoutDeps, checkout: Checkout): Promise<Fetched> {
  const { source, repository, sha, ref, home = repository } = checkout;
  checkedSha(sha);
  const open = async (name: string) => {
    const remote = await authorizedRemote({ config, providers }, { source, repository: name });
    const mirror = await openMirror({ data: config.data, remote, repositories: [home, name], signal });
    // Before its objects are looked for: none is dropped from now on.
    await noteBorrowed(workspace.folder, mirror.folder());
    return { remote, mirror };
  };
  const { remote, mirror } = await open(home);
  const { remote: fromRemote, mirror: from } = home === repository ? { remote, mirror } : await open(repository);
  const branches = await branchesBeside({ cwd: mirror.folder(), signal, remote }, checkout);
  const beside = { branches: branches.names.map((name) => `refs/heads/${name}`), since: sinceOf(checkout) };
  const wanted = { sha, ref: ref && checkedRef(ref), ...(from === mirror && { beside }) };
  const head = await from.ensureCommit(wanted);
  if (from !== mirror) await mirror.ensureRefs(beside);
  return { remote, mirror, from, fromRemote, wanted, head, branches };
}

/** Writes the files of the commit, or of its merge, which it returns. */
async function writeCommit(
  { config, workspace, releases, signal, note }: CheckoutDeps,
  checkout: Checkout,
  { remote, mirror, from, wanted, head, branches }: Fetched,
): Promise<Merge | undefined> {
  const { repository, ref, base, options = {} } = checkout;
  const mirrors: [Mirror, ...Mirror[]] = from === mirror ? [mirror] : [mirror, from];
  for (const one of mirrors) await noteBorrowed(workspace.folder, one.folder());
  const call = { cwd: workspace.source, signal };
  // What keeps files of a repository reads its index as one of SHA-1.
  const isKept = isTrusted(checkout) && (await objectFormatOf(from.folder())) === 'sha1';
  const place = isKept ? placeOf(config, workspace, { mirror: mirror.name, repository }) : undefined;
  const index = place && (await takeFrom(place, { workspace, releases }));
  // A branch of a fork may be called as one of the repository is.
  const own = from === mirror ? ref : undefined;
  await makeRepository(call, { sha: head, ref: own, url: remote.url, mirrors, branches });
  const merge = options.merge && base !== undefined ? await mergeInto(call, { branch: base, head }) : undefined;
  if (merge) await note(`merged into ${base} at ${merge.base.slice(0, 12)}: ${merge.commit}`);
  if (options.depth) {
    const commits = [{ sha: head, mirror: from.folder() }];
    if (merge) commits.push({ sha: merge.base, mirror: mirror.folder() });
    await cutHistory(call, { depth: options.depth, merge: merge?.commit, commits });
  }
  await writeFiles(call, { commit: merge?.commit ?? head, from, wanted, index });
  // What is written after this is not kept: the content of large files, submodules.
  if (place !== undefined) workspace.tree = await noteIndex(workspace, place);
  return merge;
}

/** Takes files that are kept, also those of a job that has just ended. */
async function takeFrom(
  place: string,
  { workspace, releases }: Pick<CheckoutDeps, 'workspace' | 'releases'>,
): Promise<string | undefined> {
  const index = await takeTree(place, workspace);
  if (index !== undefined || !releases) return index;
  await releases.of(place);
  return takeTree(place, workspace);
}

/** Returns whose server is asked for what Git LFS keeps. A stranger may have written the commit, but not the branch that it goes into. */
function lfsOf(
  checkout: Checkout,
  { workspace, remote, fromRemote, mirror, branches }: Fetched & { readonly workspace: Workspace },
): LfsOptions {
  const base = checkout.base ?? branches.default;
  const ofBase = base === undefined ? undefined : { repository: mirror.folder(), revision: `refs/heads/${base}` };
  return {
    remotes: remote === fromRemote ? [remote] : [remote, fromRemote],
    mirror: mirror.folder(),
    configOf: isTrusted(checkout) ? { repository: workspace.source, revision: 'HEAD' } : ofBase,
  };
}

/** Unix ms. Runs that an older version started take branches and tags as they are. */
function sinceOf({ since }: Checkout): number {
  return since === undefined ? 0 : Date.parse(since);
}
