import { z } from 'zod';
import { isZeroSha } from '../../../events/git-names.js';
import type { ChangeRange, RepositoryApi } from '../../api.js';
import { checkedId, checkedSha } from '../../names.js';
import { parseResponse } from '../../parse.js';
import type { GithubConnection } from './client.js';
import { readList } from './list.js';

/**
 * GitHub lists no more files of a pull request. Source:
 * https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
 */
const MAX_OF_PULL_REQUEST = 3_000;
/**
 * GitHub lists no more files of a comparison. Source:
 * https://docs.github.com/en/rest/commits/commits#compare-two-commits
 */
const MAX_OF_COMPARISON = 300;

const fileSchema = z.object({ filename: z.string(), previous_filename: z.string().nullish() });

const comparisonSchema = z.object({
  status: z.enum(['diverged', 'ahead', 'behind', 'identical']),
  files: z.array(fileSchema).nullish(),
});

type ChangedFile = z.output<typeof fileSchema>;

/** Returns the call that lists the paths that a pull request or a push changes. */
export function changedFiles(api: GithubConnection): Required<Pick<RepositoryApi, 'changedFiles'>> {
  return {
    async changedFiles(range) {
      const files = range.kind === 'push' ? await ofPush(api, range) : await ofPullRequest(api, range.number);
      return files && [...new Set(files.flatMap(names))].sort();
    },
  };
}

async function ofPullRequest(api: GithubConnection, number: number): Promise<readonly ChangedFile[] | undefined> {
  const { items } = await readList(api, 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
    parameters: { pull_number: checkedId(number) },
    item: fileSchema,
    most: MAX_OF_PULL_REQUEST,
  });
  return items.length < MAX_OF_PULL_REQUEST ? items : undefined;
}

async function ofPush(
  api: GithubConnection,
  { before, after }: Extract<ChangeRange, { kind: 'push' }>,
): Promise<readonly ChangedFile[] | undefined> {
  const basehead = `${checkedSha(before)}...${checkedSha(after)}`;
  // A new branch compares with nothing.
  if (isZeroSha(before) || isZeroSha(after)) return undefined;
  const route = 'GET /repos/{owner}/{repo}/compare/{basehead}';
  // All files are on the first page, however few commits are.
  const { status, data } = await api.request(route, { basehead, per_page: 1 }, { accept: [404] });
  // The commit before a forced push may be gone.
  if (status === 404) return undefined;
  const comparison = parseResponse(comparisonSchema, data, { what: `GitHub's response to ${route}` });
  if (comparison.status === 'identical') return [];
  // After a forced push, the comparison starts at the merge base, and misses what was thrown away.
  if (comparison.status !== 'ahead' || !comparison.files) return undefined;
  return comparison.files.length < MAX_OF_COMPARISON ? comparison.files : undefined;
}

function names({ filename, previous_filename }: ChangedFile): string[] {
  return previous_filename ? [filename, previous_filename] : [filename];
}
