import { z } from 'zod';
import { isZeroSha } from '../../../events/git-names.js';
import type { RepositoryApi } from '../../api.js';
import { checkedId, checkedSha } from '../../names.js';
import { sha } from '../../shapes.js';
import type { GiteaRepository } from './repository.js';

/** More are not read: the server compares anew for each page. */
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

/** Source: https://docs.gitea.com/api/ (repoGetPullRequestFiles, repoCompareDiff) */
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
 * By the commits that the push added, each with its files; a rename is told as removed and added. Where none of them
 * follows the commit before, the push was forced, and what it took away is not told.
 */
async function ofPush(
  { connection, path }: GiteaRepository,
  { before, after }: { before: string; after: string },
): Promise<readonly string[] | undefined> {
  const range = `${checkedSha(before)}...${checkedSha(after)}`;
  if (isZeroSha(before) || isZeroSha(after)) return undefined;
  const query = { files: true, verification: false };
  // Versions before 1.22 have no comparisons; and the commit before may be gone.
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
