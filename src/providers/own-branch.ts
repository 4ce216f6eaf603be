/** Where a pull request comes from, as far as a payload or an answer tells. */
export interface Origin {
  /** The head's name: `more`, or `refs/heads/more`. */
  readonly ref: string;
  /** All that names the repository that has the head: its id, say. Whatever is not told is left undefined or null. */
  readonly head: readonly (string | null | undefined)[];
  /** The same of the repository that the pull request goes into. */
  readonly base: string | null | undefined;
}

/**
 * Returns whether a pull request is known to come from a branch of the repository that it goes into, so that somebody
 * with write access has pushed it. Any other is a stranger's: one of another repository, of a repository that is not told
 * or was deleted, and one whose head is not a branch, such as `refs/pull/9/head`, which everybody may push.
 */
export function isOwnBranch({ ref, head, base }: Origin): boolean {
  return isBranch(ref) && isKnown(base) && head.length > 0 && head.every((told) => told === base);
}

/** Whether a name is that of a branch. A short one that begins with `refs/` may be any ref, so it is not. */
function isBranch(ref: string): boolean {
  return ref.startsWith('refs/heads/') || !ref.startsWith('refs/');
}

/** Providers write 0 or -1 for what is not there. */
function isKnown(id: string | null | undefined): id is string {
  return Boolean(id) && !/^(?:0+|-\d+)$/.test(id ?? '');
}
