import { isCommitName, isRefName } from '../../events/git-names.js';
import type { GitSource } from '../../providers/source.js';
import { refused } from '../failures.js';

/**
 * Names come from payloads and go to git as arguments. Each is checked against what it may look like, so that none is
 * taken for an option, a path outside, or something to be run. All throw `Refused`.
 */

const PART = /^[\w.][\w.-]*$/;

/** Where a part may look like more than elsewhere. */
const PARTS: Readonly<Partial<Record<GitSource['kind'], RegExp>>> = {
  // A person's project is called `~user`.
  'bitbucket-data-center': /^[\w.~][\w.-]*$/,
  // Blanks within, and letters of any language.
  'azure-devops': /^[\p{L}\p{N}_.](?:[\p{L}\p{M}\p{N}_. -]*[\p{L}\p{M}\p{N}_.-])?$/u,
};

/** `owner/name`, or more parts, as the provider of such a kind has them. */
export function checkedRepository(fullName: string, kind: GitSource['kind']): string {
  const parts = fullName.split('/');
  const shape = PARTS[kind] ?? PART;
  const fine =
    parts.length >= 2 && fullName.length <= 300 && parts.every((part) => shape.test(part) && !/^[.~]+$/.test(part));
  if (!fine) throw refused(`${JSON.stringify(fullName.slice(0, 300))} is no repository's name`);
  return fullName;
}

/** A full object name, SHA-1 or SHA-256, or the first 12 digits of one, as Bitbucket Cloud names commits. */
export function checkedSha(sha: string): string {
  if (!isCommitName(sha)) throw refused(`${JSON.stringify(sha.slice(0, 100))} is no commit's name`);
  return sha;
}

/** A full ref, by the rules of `git check-ref-format`. */
export function checkedRef(ref: string): string {
  if (!ref.startsWith('refs/') || !isRefName(ref))
    throw refused(`${JSON.stringify(ref.slice(0, 300))} is no ref that git knows`);
  return ref;
}
