import { z } from 'zod';
import type { PullRequest } from '../../../events/event.js';
import { refName, sha, text } from '../../shapes.js';
import { branchOf, fullNameOf, identitySchema, name, pageOf, repositorySchema, toSender } from './fields.js';

const commitSchema = z.object({ commitId: sha });

const forkedSchema = z.object({ name, project: z.object({ name }) });

/** What a hook sends that is set to send all. Less makes nothing of it: see {@link isWhole}. */
export const pullRequestSchema = z.object({
  pullRequestId: z.int().positive().nullish(),
  title: text(500).nullish(),
  status: z.string().nullish(),
  isDraft: z.boolean().nullish(),
  sourceRefName: refName.nullish(),
  targetRefName: refName.nullish(),
  lastMergeSourceCommit: commitSchema.nullish(),
  lastMergeTargetCommit: commitSchema.nullish(),
  /** There when the head lives in another repository; without its names where one may not see it. */
  forkSource: z.object({ repository: z.unknown().optional() }).nullish(),
  labels: z.array(z.object({ name: text(100) })).nullish(),
  createdBy: identitySchema.nullish(),
  closedBy: identitySchema.nullish(),
  reviewers: z.array(identitySchema.extend({ vote: z.int().nullish() })).nullish(),
  repository: repositorySchema.nullish(),
});

type Read = z.output<typeof pullRequestSchema>;
type Needed = 'pullRequestId' | 'title' | 'status' | 'sourceRefName' | 'targetRefName' | 'repository';
export type Whole = Read & { readonly [K in Needed]: NonNullable<Read[K]> };

const NEEDED: readonly Needed[] = ['pullRequestId', 'title', 'status', 'sourceRefName', 'targetRefName', 'repository'];

export function isWhole(read: Read | null | undefined): read is Whole {
  return Boolean(read && NEEDED.every((field) => read[field]));
}

const MAX_LABELS = 100;

export function toPullRequest(
  pull: Whole,
  { organisation, head }: { organisation: string; head: string },
): PullRequest {
  const { forkSource, lastMergeTargetCommit: base } = pull;
  const forked = forkedSchema.safeParse(forkSource?.repository).data;
  const repository = forkSource ? forked && fullNameOf(forked) : fullNameOf(pull.repository);
  return {
    number: pull.pullRequestId,
    title: pull.title,
    url: urlOf(pull, organisation),
    ...(pull.createdBy && { author: toSender(pull.createdBy).login }),
    state: pull.status === 'active' ? 'open' : 'closed',
    draft: pull.isDraft === true,
    fork: Boolean(forkSource),
    merged: pull.status === 'completed',
    labels: (pull.labels ?? []).slice(0, MAX_LABELS).map((label) => label.name),
    base: { ref: branchOf(pull.targetRefName), ...(base && { sha: base.commitId }) },
    head: { ref: branchOf(pull.sourceRefName), sha: head, ...(repository && { repository }) },
  };
}

export function urlOf(pull: Whole, organisation: string): string {
  return `${pageOf(organisation, pull.repository)}/pullrequest/${pull.pullRequestId}`;
}
