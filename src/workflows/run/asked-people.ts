import { isCancellation } from '@temporalio/workflow';
import type { FoundApproval } from '../../activities/contract/index.js';
import { ANSWER_COMMANDS } from '../../events/comment-commands.js';
import type { CommentEvent } from '../../events/event.js';
import type { Person } from '../../runs/approval.js';
import { provider, service } from './activities.js';

/** Returns the approvals that runs wait for on the pull request of a comment. */
export async function approvalsOn(event: CommentEvent): Promise<readonly FoundApproval[]> {
  const { source, repository, number = 0 } = event;
  return (await service.findApprovals({ source, repositoryId: repository.id, number })).approvals;
}

/** Returns who wrote a comment. */
export function personOf({ sender: { login, id } }: CommentEvent): Person {
  return { login, ...(id !== undefined && { id }) };
}

/**
 * Returns a comment with the answers alone of its commands, if whoever wrote it is asked for an approval there: that needs no other
 * right. Undefined if they are asked for none.
 */
export async function answersOf<E extends CommentEvent>(event: E): Promise<E | undefined> {
  const commands = event.commands?.filter(({ name }) => ANSWER_COMMANDS.includes(name)) ?? [];
  if (commands.length === 0) return undefined;
  const { source, repository } = event;
  for (const { by } of await approvalsOn(event)) {
    const asked = { source, repository: repository.fullName, person: personOf(event), by };
    // Of who can't be asked about, nothing more is known than before.
    const may = await provider.mayApprove(asked).catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return { allowed: false };
    });
    if (may.allowed) return { ...event, commands };
  }
  return undefined;
}
