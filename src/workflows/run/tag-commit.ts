import type { Activities } from '../../activities/contract/index.js';
import type { TagEvent } from '../../events/event.js';

/** A tag of which it is not known to which commit it leads. */
type Unpeeled = TagEvent & { readonly unpeeled: true };

/**
 * Returns an event with the commit that its tag leads to: git is asked, since the payload may have told of the annotated tag's
 * own object, on which no status can be set.
 */
export async function withTagCommit(
  { unpeeled: _, ...event }: Unpeeled,
  { findTagCommit }: Pick<Activities, 'findTagCommit'>,
): Promise<TagEvent> {
  const { source, repository, tag, commit } = event;
  const { sha } = await findTagCommit({ source, repository: repository.fullName, tag, sha: commit.sha });
  const url = commit.url?.replaceAll(commit.sha, sha);
  return { ...event, commit: { ...commit, sha, ...(url && { url }) } };
}

/** Returns whether it is not known which commit an event's tag leads to. */
export function isUnpeeled(event: { readonly kind: string }): event is Unpeeled {
  return event.kind === 'tag' && 'unpeeled' in event && event.unpeeled === true;
}
