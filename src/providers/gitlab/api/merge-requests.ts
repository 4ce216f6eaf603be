import { z } from 'zod';
import { cutToLength } from '../../../events/truncate.js';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId } from '../../names.js';
import { id, sha } from '../../shapes.js';
import { userSchema } from './fields.js';
import type { GitlabProject } from './project.js';

const mergeRequestSchema = z.object({
  iid: z.int().positive(),
  title: z.string(),
  web_url: z.string(),
  state: z.string(),
  author: userSchema.nullish(),
  draft: z.boolean().nullish(),
  /** What it was called before 14.0. */
  work_in_progress: z.boolean().nullish(),
  labels: z.array(z.string()).nullish(),
  source_branch: z.string().min(1),
  target_branch: z.string().min(1),
  source_project_id: id.nullish(),
  target_project_id: id.nullish(),
  sha: sha.nullish(),
  /** The first is the merge base, the second where the target branch was when these changes were pushed. */
  diff_refs: z.object({ base_sha: sha.nullish(), start_sha: sha.nullish(), head_sha: sha.nullish() }).nullish(),
  updated_at: z.string().nullish(),
  /** A string: `1000+` is possible. Absent until GitLab has counted. */
  changes_count: z.string().nullish(),
  overflow: z.boolean().nullish(),
});

/** A merge request as GitLab has it. */
export type MergeRequest = z.output<typeof mergeRequestSchema>;

const MAX_LABELS = 100;

/** Source: https://docs.gitlab.com/api/merge_requests/#retrieve-a-merge-request */
export function readMergeRequest({ connection, path }: GitlabProject, number: number): Promise<MergeRequest> {
  return connection.get({ path: `${path}/merge_requests/${checkedId(number)}` }, mergeRequestSchema, 'merge request');
}

/** A merge request in our words, as its webhook is read. */
export function gitlabPullRequest(project: GitlabProject): NonNullable<RepositoryApi['pullRequest']> {
  return async (number) => {
    const read = await readMergeRequest(project, number);
    const head = read.sha ?? read.diff_refs?.head_sha;
    if (!head) throw new ProviderError('unavailable', `GitLab does not know the head of merge request ${number} yet`);
    const fork = read.source_project_id !== read.target_project_id;
    const repository = fork ? await pathOf(project, read.source_project_id) : project.fullName;
    const base = read.diff_refs?.start_sha;
    const updatedAt = Date.parse(read.updated_at ?? '');
    return {
      number: read.iid,
      title: cutToLength(read.title, 500),
      url: read.web_url,
      ...(read.author && { author: read.author.username }),
      state: read.state === 'opened' ? 'open' : 'closed',
      draft: read.draft ?? read.work_in_progress ?? false,
      fork,
      merged: read.state === 'merged',
      labels: (read.labels ?? []).slice(0, MAX_LABELS),
      base: { ref: read.target_branch, ...(base && { sha: base }) },
      head: { ref: read.source_branch, sha: head, ...(repository && { repository }) },
      ...(!Number.isNaN(updatedAt) && { updatedAt: new Date(updatedAt).toISOString() }),
    };
  };
}

/** Undefined for a fork that was deleted, or that our account may not see. */
async function pathOf(
  { connection }: GitlabProject,
  projectId: string | null | undefined,
): Promise<string | undefined> {
  if (!projectId) return undefined;
  try {
    const schema = z.object({ path_with_namespace: z.string().max(300) });
    const fork = await connection.get({ path: `/projects/${checkedId(projectId)}` }, schema, 'project');
    return fork.path_with_namespace;
  } catch (error) {
    if (error instanceof ProviderError && (error.status === 404 || error.status === 403)) return undefined;
    throw error;
  }
}
