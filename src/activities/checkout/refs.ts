import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type GitCall, git, mustGit } from '../git/git.js';

/** Which refs a checkout has, and where they come from. */
export interface CheckoutRefs {
  /** A call of git in the mirror that has the tags and branches. */
  readonly mirror: GitCall;
  /** The commit that the event is about, and its ref: both are as the event tells them, whatever came later. */
  readonly sha: string;
  readonly ref?: string | undefined;
  /** Names of other branches. */
  readonly branches: readonly string[];
}

/**
 * Returns the refs of a checkout by their names: all tags, `refs/remotes/origin/<branch>` of the branches that the mirror has, and
 * the event's own.
 */
export async function refsOf({ mirror, sha, ref, branches }: CheckoutRefs): Promise<ReadonlyMap<string, string>> {
  const wanted = ['refs/tags', ...branches.map((name) => `refs/heads/${name}`)];
  const format = '--format=%(objectname) %(refname)';
  const refs = new Map<string, string>();
  const leadsTo = ref?.startsWith('refs/tags/') ? await commitOf(mirror, ref) : undefined;
  for (const line of (await mustGit(mirror, 'for-each-ref', format, ...wanted)).split('\n')) {
    const [, object = '', name = ''] = /^(\S+) (.+)$/.exec(line) ?? [];
    const branch = branchOf(name);
    // `for-each-ref` takes a name for the beginning of others.
    if (branch !== undefined && branches.includes(branch)) refs.set(`refs/remotes/origin/${branch}`, object);
    // A tag that was moved since led to the event's commit when it was pushed.
    if (name.startsWith('refs/tags/')) refs.set(name, name !== ref || sha === leadsTo ? object : sha);
  }
  const own = branchOf(ref ?? '');
  if (own !== undefined) refs.set(`refs/remotes/origin/${own}`, sha);
  if (ref?.startsWith('refs/tags/') && !refs.has(ref)) refs.set(ref, sha);
  return refs;
}

/** Returns the commit that a tag leads to, through as many tags as there are. */
async function commitOf(mirror: GitCall, tag: string): Promise<string> {
  const { stdout } = await git(mirror, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${tag}^{commit}`);
  return stdout.trim();
}

/** Writes the refs of a new checkout, without starting git for each. */
export async function writeRefs(
  checkout: string,
  { refs, defaultBranch }: { refs: ReadonlyMap<string, string>; defaultBranch: string | undefined },
): Promise<void> {
  const folder = join(checkout, '.git');
  await writeFile(join(folder, 'packed-refs'), [...refs].map(([name, object]) => `${object} ${name}\n`).join(''));
  const main = defaultBranch !== undefined && `refs/remotes/origin/${defaultBranch}`;
  if (!main || !refs.has(main) || defaultBranch === 'HEAD') return;
  const head = join(folder, 'refs/remotes/origin/HEAD');
  await mkdir(dirname(head), { recursive: true });
  await writeFile(head, `ref: ${main}\n`);
}

function branchOf(ref: string): string | undefined {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
}
