import type { Activities } from '../../activities/contract/index.js';

interface OfTag {
  readonly kind: string;
  readonly source: string;
}

/** What has to be known of a tag to ask for its commit. */
interface Unpeeled extends OfTag {
  readonly kind: 'tag';
  readonly tag: string;
  readonly repository: { readonly fullName: string };
  readonly commit: { readonly sha: string; readonly url?: string };
  readonly unpeeled: true;
}

/**
 * Returns an event with the commit that its tag leads to: git is asked where the payload may have told of the annotated tag's
 * own object, on which no status can be set. All other events are returned as they are.
 */
export async function withTagCommit<E extends OfTag>(
  event: E,
  { findTagCommit }: Pick<Activities, 'findTagCommit'>,
): Promise<E> {
  if (!isUnpeeled(event)) return event;
  const { unpeeled: _, ...rest } = event;
  const { source, repository, tag, commit } = rest;
  const { sha } = await findTagCommit({ source, repository: repository.fullName, tag, sha: commit.sha });
  const url = commit.url?.replaceAll(commit.sha, sha);
  return { ...rest, commit: { ...commit, sha, ...(url && { url }) } } as unknown as E;
}

/** Returns whether it is not known which commit an event's tag leads to. */
export function isUnpeeled(event: OfTag): event is Unpeeled {
  return event.kind === 'tag' && 'unpeeled' in event && event.unpeeled === true;
}
