import { refused } from '../remote/failure.js';

/**
 * Names come from payloads and go to git as arguments. Each is checked against what it may look like, so that none is
 * taken for an option, a path outside, or something to be run. All throw `Refused`.
 */

/** `owner/name`, or more parts. */
export function checkedRepository(fullName: string): string {
  const parts = fullName.split('/');
  const fine =
    parts.length >= 2 &&
    fullName.length <= 300 &&
    parts.every((part) => /^[\w.][\w.-]*$/.test(part) && !/^\.+$/.test(part));
  if (!fine) throw refused(`${JSON.stringify(fullName.slice(0, 300))} is no repository's name`);
  return fullName;
}

/** A full object name, SHA-1 or SHA-256. */
export function checkedSha(sha: string): string {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(sha))
    throw refused(`${JSON.stringify(sha.slice(0, 100))} is no commit's name`);
  return sha;
}

/** A full ref, by the rules of `git check-ref-format`. */
export function checkedRef(ref: string): string {
  const fine =
    /^refs\/[^/]/.test(ref) &&
    ref.length <= 1_000 &&
    !/[\p{Cc}\s~^:?*[\\\x7f]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|\.$|\/$/u.test(ref);
  if (!fine) throw refused(`${JSON.stringify(ref.slice(0, 300))} is no ref that git knows`);
  return ref;
}
