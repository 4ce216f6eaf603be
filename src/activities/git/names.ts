import { isCommitName, isRefName } from '../../events/git-names.js';
import { REPOSITORY_PART } from '../../providers/facts.js';
import { PROVIDERS } from '../../providers/index.js';
import type { GitSource } from '../../providers/source.js';
import { refused } from '../failures.js';

/*
 * Names come from payloads and go to git as arguments. Each is checked, so that git takes none for an option, a path
 * outside, or a command. All of these throw `Refused`.
 */

/** Returns a repository's name if it is `owner/name`, or more parts, as providers of this kind have them. */
export function checkedRepository(fullName: string, kind: GitSource['kind']): string {
  const parts = fullName.split('/');
  const { repositoryPart: shape = REPOSITORY_PART } = PROVIDERS[kind].facts;
  const fine =
    parts.length >= 2 && fullName.length <= 300 && parts.every((part) => shape.test(part) && !/^[.~]+$/.test(part));
  if (!fine) throw refused(`${JSON.stringify(fullName.slice(0, 300))} is not a repository's name`);
  return fullName;
}

/**
 * Returns a commit's name if it is a full SHA-1 or SHA-256, or the first 12 digits of one, as Bitbucket Cloud has them.
 */
export function checkedSha(sha: string): string {
  if (!isCommitName(sha)) throw refused(`${JSON.stringify(sha.slice(0, 100))} is not a commit's name`);
  return sha;
}

/** Returns a ref if it is a full one by the rules of `git check-ref-format`. */
export function checkedRef(ref: string): string {
  if (!ref.startsWith('refs/') || !isRefName(ref))
    throw refused(`${JSON.stringify(ref.slice(0, 300))} is not a ref that git allows`);
  return ref;
}
