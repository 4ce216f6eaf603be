import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId } from '../../names.js';
import { link, sha, text } from '../../shapes.js';
import { isFork, mergeRequestSchema, path, toPullRequest, userSchema } from '../shapes.js';
import type { GitlabProject } from './project.js';

const answerSchema = mergeRequestSchema.extend({
  web_url: link,
  author: userSchema.nullish(),
  labels: z.array(text(255)).nullish(),
  sha: sha.nullish(),
  /** The first is the merge base, the second where the target branch was when these changes were pushed. */
  diff_refs: z.object({ base_sha: sha.nullish(), start_sha: sha.nullish(), head_sha: sha.nullish() }).nullish(),
  /** A string: `1000+` is possible. Absent until GitLab has counted. */
  changes_count: z.string().nullish(),
  overflow: z.boolean().nullish(),
});

/**
 * Returns GitLab's answer about a merge request. Source:
 * https://docs.gitlab.com/api/merge_requests/#retrieve-a-merge-request
 */
export function readMergeRequest(project: GitlabProject, number: number): Promise<z.output<typeof answerSchema>> {
  const request = { path: `${project.path}/merge_requests/${checkedId(number)}` };
  return project.connection.get(request, answerSchema, 'merge request');
}

/** Returns the call that reads a merge request. */
export function gitlabPullRequest(project: GitlabProject): NonNullable<RepositoryApi['pullRequest']> {
  return async (number) => {
    const read = await readMergeRequest(project, number);
    const headSha = read.sha ?? read.diff_refs?.head_sha;
    if (!headSha)
      throw new ProviderError('unavailable', `GitLab does not know the head of merge request ${number} yet`);
    return toPullRequest({
      ...read,
      url: read.web_url,
      author: read.author?.username,
      labels: read.labels ?? [],
      headSha,
      headRepository: isFork(read) ? await pathOf(project, read.source_project_id) : project.fullName,
      baseSha: read.diff_refs?.start_sha,
    });
  };
}

/** Undefined for a fork that was deleted, or that our account may not see. */
async function pathOf(
  { connection }: GitlabProject,
  projectId: string | null | undefined,
): Promise<string | undefined> {
  if (!projectId) return undefined;
  try {
    const request = { path: `/projects/${checkedId(projectId)}` };
    const fork = await connection.get(request, z.object({ path_with_namespace: path }), 'project');
    return fork.path_with_namespace;
  } catch (error) {
    if (error instanceof ProviderError && (error.status === 404 || error.status === 403)) return undefined;
    throw error;
  }
}
