import { z } from 'zod';
import { MERGE_GROUP_ACTIONS, MERGE_GROUP_REASONS } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { commitMessage, linkBelow, refName, sha, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, toEventBase } from '../shapes.js';

const mergeGroupSchema = z.object({
  action: z.string().regex(/^[a-z_]{1,100}$/),
  reason: z.enum(MERGE_GROUP_REASONS).nullish().catch(undefined),
  merge_group: z.object({
    head_sha: sha,
    head_ref: refName,
    base_sha: sha.nullish(),
    base_ref: refName,
    head_commit: z
      .object({
        message: commitMessage.nullish(),
        author: z.object({ name: text(100).nullish() }).nullish(),
      })
      .nullish(),
  }),
  ...envelope,
});

const BRANCH = 'refs/heads/';

/**
 * Reads GitHub's `merge_group`: its merge queue asks for checks, or has thrown away what was to be checked. Source:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
 */
export function normaliseMergeGroup(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(mergeGroupSchema, payload, 'merge_group');
  const action = MERGE_GROUP_ACTIONS.find((known) => known === read.action);
  if (!action) return { ignored: `no automation can listen to the merge-group action ${read.action}` };
  const { head_sha, head_ref, base_sha, base_ref, head_commit } = read.merge_group;
  const branch = branchOf(head_ref);
  const author = head_commit?.author?.name;
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'merge_group',
      action,
      ...(action === 'destroyed' && read.reason && { reason: read.reason }),
      ref: `${BRANCH}${branch}`,
      branch,
      base: { ref: branchOf(base_ref), ...(base_sha && { sha: base_sha }) },
      commit: {
        sha: head_sha,
        ...(head_commit?.message && { message: head_commit.message }),
        ...(author && { author }),
        url: linkBelow(read.repository.html_url, `commit/${head_sha}`),
      },
    },
  };
}

function branchOf(ref: string): string {
  return ref.startsWith(BRANCH) ? ref.slice(BRANCH.length) : ref;
}
