import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refused, unavailable } from '../failures.js';
import type { WantedCommit } from '../git/fetch.js';
import type { GitCall } from '../git/git.js';
import type { Mirror } from '../git/mirror.js';
import { objectFormatOf } from '../git/mirror-generations.js';
import { refusesContent } from '../git/repair.js';
import type { BranchesBeside } from './branches.js';
import { writeGitFolder } from './git-folder.js';
import { refsOf, writeRefs } from './refs.js';
import { writeAll, writeOver } from './write-over.js';

/** What a folder is to be a checkout of. */
export interface Filled {
  readonly sha: string;
  readonly ref?: string | undefined;
  /** Address of `origin`. */
  readonly url: string;
  /** The first has the tags and branches, and each some of the objects. */
  readonly mirrors: readonly [Mirror, ...Mirror[]];
  readonly branches: BranchesBeside;
}

/** Makes a folder a repository that has a commit, with its refs, in other repositories' objects. Writes none of its files. */
export async function makeRepository({ cwd, signal }: GitCall, filled: Filled): Promise<void> {
  const { sha, ref, url, mirrors, branches } = filled;
  const folders = mirrors.map((mirror) => mirror.folder());
  await writeGitFolder(cwd, { url, mirrors: folders, format: await objectFormatOf(mirrors[0].folder()) });
  const mirror = { cwd: mirrors[0].folder(), signal };
  const refs = await refsOf({ mirror, sha, ref, branches: branches.names });
  await writeRefs(cwd, { refs, defaultBranch: branches.default });
}

/**
 * Writes the files of a commit, and checks it out. `index`: of the files that are there already. Throws `Refused` for what git writes on no disk. Where an object can't be read, a mirror that turns
 * out to be broken is replaced, and the failure is one that is retried.
 */
export async function writeFiles(
  call: GitCall,
  { commit, from, wanted, index }: { commit: string; from: Mirror; wanted: WantedCommit; index?: string | undefined },
): Promise<void> {
  const { ok, said } =
    (index !== undefined && (await writeOver(call, { index, commit }))) || (await writeAll(call, commit));
  if (ok) return writeFile(join(call.cwd, '.git/HEAD'), `${commit}\n`);
  if (refusesContent(said)) throw refused(`git refuses to check out ${commit}: ${said}`);
  const wasBroken = await from.replaceIfBroken(wanted);
  throw unavailable(
    `git can't check out ${commit}: ${said}${wasBroken ? ' (the mirror was broken and has been replaced)' : ''}`,
  );
}
