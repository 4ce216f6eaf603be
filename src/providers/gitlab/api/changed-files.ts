import { z } from 'zod';
import { isZeroSha } from '../../../events/git-names.js';
import type { RepositoryApi } from '../../api.js';
import { checkedId, checkedSha } from '../../names.js';
import { readMergeRequest } from './merge-request.js';
import type { GitlabProject } from './project.js';

/** GitLab's default limit, at which it cuts its lists. */
const MAX_FILES = 1_000;
/** Older versions answer 500 to a larger page. Source: https://gitlab.com/gitlab-org/gitlab/-/issues/427168 */
const PER_PAGE = 30;

const diffSchema = z.object({ old_path: z.string(), new_path: z.string() });

const compareSchema = z.object({
  diffs: z.array(diffSchema),
  /** True too when GitLab does not list all. */
  compare_timeout: z.boolean(),
  overflow: z.boolean().nullish(),
});

/**
 * Returns the call that lists the paths that a merge request or a push changes.
 *
 * Sources: https://docs.gitlab.com/api/merge_requests/#list-merge-request-diffs,
 * https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits
 */
export function gitlabChangedFiles(project: GitlabProject): NonNullable<RepositoryApi['changedFiles']> {
  return (of) => (of.kind === 'push' ? ofPush(project, of) : ofMergeRequest(project, of.number));
}

async function ofMergeRequest(project: GitlabProject, number: number): Promise<readonly string[] | undefined> {
  const { changes_count: counted, overflow } = await readMergeRequest(project, number);
  // `1000+`, or not counted yet.
  if (overflow || !counted || !/^\d+$/.test(counted) || Number(counted) > MAX_FILES) return undefined;
  const path = `${project.path}/merge_requests/${checkedId(number)}/diffs`;
  const { items, complete } = await project.connection.list({ path }, diffSchema, {
    what: 'changed file',
    most: MAX_FILES,
    perPage: PER_PAGE,
  });
  return complete && items.length === Number(counted) ? pathsOf(items) : undefined;
}

/** Compares the two trees, which holds for a forced push too. */
async function ofPush(
  { connection, path }: GitlabProject,
  { before, after }: { before: string; after: string },
): Promise<readonly string[] | undefined> {
  const query = { from: checkedSha(before), to: checkedSha(after), straight: true };
  if (isZeroSha(before) || isZeroSha(after)) return undefined;
  const response = await connection.send({ path: `${path}/repository/compare`, query, accept: [404] });
  // The commit before a forced push may be gone.
  if (response.status === 404) return undefined;
  const { diffs, compare_timeout, overflow } = connection.read(compareSchema, response, 'comparison');
  return compare_timeout || overflow ? undefined : pathsOf(diffs);
}

function pathsOf(diffs: readonly z.output<typeof diffSchema>[]): string[] {
  return [...new Set(diffs.flatMap(({ old_path, new_path }) => [old_path, new_path]))].sort();
}
