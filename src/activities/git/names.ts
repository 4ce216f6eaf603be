import { isCommitName, isRefName } from '../../events/git-names.js';
import { REPOSITORY_PART } from '../../providers/facts.js';
import { PROVIDERS } from '../../providers/index.js';
import type { GitSource } from '../../providers/source.js';
import { refused } from '../failures.js';

/**
 * Names come from payloads and go to git as arguments. Each is checked against what it may look like, so that none is
 * taken for an option, a path outside, or something to be run. All throw `Refused`.
 */

/** `owner/name`, or more parts, as the provider of such a kind has them. */
export function checkedRepository(fullName: string, kind: GitSource['kind']): string {
  const parts = fullName.split('/');
  const { repositoryPart: shape = REPOSITORY_PART } = PROVIDERS[kind].facts;
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
