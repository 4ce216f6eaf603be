import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitCall, git, mustGit } from './git.js';

/*
 * A commit that is built gets a ref in the mirror, `refs/hookyard/<commit>`, so that its objects stay for as long as the build
 * may need them, whatever is pushed over its branch meanwhile. Each fetch reads all refs, so there are only so many.
 */

/** Prefix of the refs of single commits. */
const COMMITS = 'refs/hookyard/';

/** How many refs of a kind a mirror has: those that were used last. */
const MOST = { commits: 100, others: 500 } as const;

/** So many commits more than allowed are suffered until the next build drops them, some at a time. */
const SLACK = 50;
const AT_ONCE = 1_000;

/** Returns the ref that keeps a commit. `commit`: its full name. */
export function buildRefOf(commit: string): string {
  return COMMITS + commit;
}

/** Gives a commit a ref unless it has it, notes that it is used, and drops some where there are too many. `commit`: its full name. */
export async function keepBuildRef(call: GitCall, commit: string): Promise<void> {
  const path = join(call.cwd, buildRefOf(commit));
  if ((await readFile(path, 'utf8').catch(() => '')).trim() === commit) await noteUse(path);
  else await mustGit(call, 'update-ref', buildRefOf(commit), commit);
  const names = (await readdir(join(call.cwd, COMMITS)).catch(() => [])).filter((name) => !name.includes('.'));
  if (names.length <= MOST.commits + SLACK) return;
  const refs = await used(call, names.map(buildRefOf));
  await drop(call, surplus(refs, MOST.commits).slice(0, AT_ONCE));
}

async function noteUse(path: string): Promise<void> {
  const now = new Date();
  // One that was dropped at this moment is of a commit that is there all the same.
  await utimes(path, now, now).catch(() => undefined);
}

/**
 * Deletes, a thousand at a time, the refs of builds beyond the number that a mirror has: of single commits, and of pull
 * requests. No object goes by that, so it may be done while jobs borrow from the mirror. Branches and tags stay. Returns how
 * many it deleted.
 */
export async function limitBuildRefs(call: GitCall): Promise<number> {
  const refs = await buildRefs(call);
  const commits = surplus(
    refs.filter(({ ref }) => ref.startsWith(COMMITS)),
    MOST.commits,
  );
  const others = surplus(
    refs.filter(({ ref }) => !ref.startsWith(COMMITS)),
    MOST.others,
  );
  return dropAll(call, [...commits, ...others]);
}

/** Deletes the refs of builds that were not used for so long. Returns how many. */
export async function expireBuildRefs(call: GitCall, olderThanMs: number): Promise<number> {
  const before = Date.now() - olderThanMs;
  const old = (await buildRefs(call)).filter(({ at }) => at < before);
  return dropAll(
    call,
    old.map(({ ref }) => ref),
  );
}

interface UsedRef {
  readonly ref: string;
  /** When it was used last, Unix ms; of one that somebody has packed, when that was. */
  readonly at: number;
}

async function buildRefs(call: GitCall): Promise<UsedRef[]> {
  const { stdout } = await git(call, 'for-each-ref', '--format=%(refname)');
  return used(
    call,
    stdout.split('\n').filter((ref) => ref !== '' && !/^refs\/(?:heads|tags)\//.test(ref)),
  );
}

async function used({ cwd }: GitCall, refs: readonly string[]): Promise<UsedRef[]> {
  const timeOf = async (name: string) => (await stat(join(cwd, name)).catch(() => undefined))?.mtimeMs;
  const packedAt = (await timeOf('packed-refs')) ?? 0;
  return Promise.all(refs.map(async (ref) => ({ ref, at: (await timeOf(ref)) ?? packedAt })));
}

/** Returns the refs beyond the newest so many, those first that were not used for longest. */
function surplus(refs: readonly UsedRef[], most: number): string[] {
  const oldestFirst = [...refs].sort((a, b) => a.at - b.at);
  return oldestFirst.slice(0, Math.max(0, refs.length - most)).map(({ ref }) => ref);
}

async function dropAll(call: GitCall, refs: readonly string[]): Promise<number> {
  let dropped = 0;
  for (let from = 0; from < refs.length && !call.signal.aborted; from += AT_ONCE) {
    const some = refs.slice(from, from + AT_ONCE);
    if (await drop(call, some)) dropped += some.length;
  }
  return dropped;
}

/** In one transaction. One that is being written at the same time makes it fail, which the next pass makes good. */
async function drop(call: GitCall, refs: readonly string[]): Promise<boolean> {
  if (refs.length === 0) return true;
  const input = refs.map((ref) => `delete ${ref}\n`).join('');
  return (await git({ ...call, input }, 'update-ref', '--stdin')).ok;
}
