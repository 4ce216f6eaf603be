import { refused } from '../failures.js';
import { checkedRef } from './names.js';

const KINDS = ['refs/heads/', 'refs/tags/'] as const;

/** Returns whether a name may mean a branch or a tag, whole or short. */
export function isBranchOrTag(name: string): boolean {
  return !name.startsWith('refs/') || KINDS.some((kind) => name.startsWith(kind));
}

/**
 * Returns the refs that a name may mean, whole: a branch and a tag, or the one that it names. Throws `Refused` for what git does not
 * allow, and for refs of other kinds: anybody may push to those that a provider keeps for pull requests.
 */
export function namedRefs(name: string): readonly string[] {
  if (KINDS.some((kind) => name.startsWith(kind))) return [checkedRef(name)];
  if (!isBranchOrTag(name))
    throw refused(`${JSON.stringify(name.slice(0, 300))} is neither a branch (refs/heads/…) nor a tag (refs/tags/…)`);
  return KINDS.map((kind) => checkedRef(`${kind}${name}`));
}

/** Returns the refs to ask a remote for: those given, and the commit behind each annotated tag. */
export function withPeeled(refs: readonly string[]): readonly string[] {
  return refs.flatMap((ref) => (ref.startsWith('refs/tags/') ? [ref, `${ref}^{}`] : [ref]));
}

/** Returns the commit that a ref leads to, as a remote has answered; undefined if it has no such ref. */
export function commitAt(found: ReadonlyMap<string, string>, ref: string): string | undefined {
  return found.get(`${ref}^{}`) ?? found.get(ref);
}
