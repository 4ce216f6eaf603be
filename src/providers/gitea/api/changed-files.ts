import { z } from 'zod';
import { isZeroSha } from '../../../events/git-names.js';
import type { RepositoryApi } from '../../api.js';
import { checkedId, checkedSha } from '../../names.js';
import { sha } from '../../shapes.js';
import type { GiteaRepository } from './repository.js';

/** More are not read, because the server compares anew for each page. */
const MAX_FILES = 1_000;

const fileSchema = z.object({ filename: z.string(), previous_filename: z.string().nullish() });

const compareSchema = z.object({
  total_commits: z.int(),
  commits: z
    .array(
      z.object({
        sha,
        parents: z.array(z.object({ sha })).nullish(),
        files: z.array(z.object({ filename: z.string() })).nullish(),
      }),
    )
    .nullish(),
});

/**
 * Returns the call that lists the paths that a pull request or a push changes.
 * Source: https://docs.gitea.com/api/ (repoGetPullRequestFiles, repoCompareDiff)
 */
export function giteaChangedFiles(repository: GiteaRepository): NonNullable<RepositoryApi['changedFiles']> {
  return (of) => (of.kind === 'push' ? ofPush(repository, of) : ofPullRequest(repository, of.number));
}

async function ofPullRequest(
  { connection, path }: GiteaRepository,
  number: number,
): Promise<readonly string[] | undefined> {
  const { items, complete } = await connection.list({ path: `${path}/pulls/${checkedId(number)}/files` }, fileSchema, {
    what: 'changed file',
    most: MAX_FILES,
  });
  if (!complete) return undefined;
  return sorted(items.flatMap((file) => [file.filename, ...(file.previous_filename ? [file.previous_filename] : [])]));
}

/**
 * Collects the files of the commits that the push added; a rename is listed as removed and added. Undefined where
 * none of them follows the commit before: then the push was forced, and what it removed is not listed.
 */
async function ofPush(
  { connection, path }: GiteaRepository,
  { before, after }: { before: string; after: string },
): Promise<readonly string[] | undefined> {
  const range = `${checkedSha(before)}...${checkedSha(after)}`;
  if (isZeroSha(before) || isZeroSha(after)) return undefined;
  const query = { files: true, verification: false };
  // Versions before 1.22 can't compare, and the commit before may be gone.
  const response = await connection.send({ path: `${path}/compare/${range}`, query, accept: [404] });
  if (response.status === 404) return undefined;
  const { total_commits: total, commits } = connection.read(compareSchema, response, 'comparison');
  if (!commits || commits.length !== total) return undefined;
  if (!commits.some((commit) => commit.parents?.some((parent) => parent.sha === before))) return undefined;
  const files: string[] = [];
  for (const commit of commits) {
    if (!commit.files) return undefined;
    files.push(...commit.files.map((file) => file.filename));
  }
  return sorted(files);
}

function sorted(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort();
}
