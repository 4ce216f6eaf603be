import { z } from 'zod';
import type { RepositoryApi } from '../../api.js';
import { ProviderError } from '../../error.js';
import { checkedId } from '../../names.js';
import { refName, sha, text } from '../../shapes.js';
import { identitySchema } from './fields.js';
import type { AzureRepository } from './repository.js';

const commitSchema = z.object({ commitId: sha });

const forkSchema = z.object({ name: text(200), project: z.object({ name: text(200) }) });

const pullRequestSchema = z.object({
  pullRequestId: z.int().positive(),
  title: text(500),
  status: z.string(),
  isDraft: z.boolean().nullish(),
  sourceRefName: refName,
  targetRefName: refName,
  lastMergeSourceCommit: commitSchema.nullish(),
  lastMergeTargetCommit: commitSchema.nullish(),
  /** There when the head lives in another repository; without its names where one may not see it. */
  forkSource: z.object({ repository: z.unknown().optional() }).nullish(),
  labels: z.array(z.object({ name: text(100) })).nullish(),
  createdBy: identitySchema.nullish(),
});

const MAX_LABELS = 100;

/** In the same words as the receiver's. Source: https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests/get-pull-request */
export function azurePullRequest({
  connection,
  fullName,
  path,
  web,
}: AzureRepository): NonNullable<RepositoryApi['pullRequest']> {
  return async (number) => {
    const request = { path: `${path}/pullRequests/${checkedId(number)}` };
    const pull = await connection.get(request, pullRequestSchema, 'pull request');
    const { forkSource, lastMergeSourceCommit: head, lastMergeTargetCommit: base, createdBy } = pull;
    if (!head)
      throw new ProviderError('unavailable', `Azure DevOps does not know the head of pull request ${number} yet`);
    const fork = forkSchema.safeParse(forkSource?.repository).data;
    const repository = forkSource ? fork && `${fork.project.name}/${fork.name}` : fullName;
    return {
      number: pull.pullRequestId,
      title: pull.title,
      url: `${web}/pullrequest/${pull.pullRequestId}`,
      ...(createdBy && { author: createdBy.uniqueName || createdBy.displayName || 'ghost' }),
      state: pull.status === 'active' ? 'open' : 'closed',
      draft: pull.isDraft === true,
      fork: Boolean(forkSource),
      merged: pull.status === 'completed',
      labels: (pull.labels ?? []).slice(0, MAX_LABELS).map((label) => label.name),
      base: { ref: branchOf(pull.targetRefName), ...(base && { sha: base.commitId }) },
      head: { ref: branchOf(pull.sourceRefName), sha: head.commitId, ...(repository && { repository }) },
    };
  };
}

function branchOf(name: string): string {
  return name.replace(/^refs\/heads\//, '');
}
