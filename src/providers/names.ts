import { isRefName, isSha } from '../events/git-names.js';
import { ProviderError } from './error.js';

/**
 * Checks names that come from payloads and go into addresses of an API, so that none leads to another address: no `.`
 * or `..`, and no slash where none belongs. All functions throw {@link ProviderError} (`refused`).
 */

const SEGMENT = /^(?!\.{1,2}$)[\w.~ -]{1,200}$/;

/** Returns the parts of a repository's full name: `owner/name`, or more than two. */
export function repositoryParts(fullName: string): string[] {
  const parts = fullName.split('/');
  if (parts.length >= 2 && fullName.length <= 300 && parts.every((part) => SEGMENT.test(part))) return parts;
  throw refusal(fullName, 'is not a repository: it must read owner/name');
}

/** Returns the two parts of a full name that has exactly two: `owner/name`. */
export function ownerAndName(fullName: string): { owner: string; repo: string } {
  const [owner = '', repo = '', ...more] = repositoryParts(fullName);
  if (more.length > 0) throw refusal(fullName, 'is not a repository: it must read owner/name');
  return { owner, repo };
}

/** Returns a whole commit name as it is: 40 hexadecimal digits, or 64 in a SHA-256 repository. */
export function checkedSha(sha: string): string {
  if (isSha(sha)) return sha;
  throw refusal(sha, 'is not a full commit id');
}

/**
 * Returns the name of a branch or tag, or a shortened commit id, as it is. A leading `-` could be taken for an option.
 */
export function checkedRef(name: string): string {
  if (isRefName(name) && !name.startsWith('-')) return name;
  throw refusal(name, 'is not the name of a branch, a tag or a commit');
}

/** Returns an account's login as it is. */
export function checkedLogin(login: string): string {
  if (/^(?!\.{1,2}$)[\w.-]{1,255}$/.test(login)) return login;
  throw refusal(login, 'is not a login');
}

/** Returns a number as its digits. */
export function checkedId(id: string | number): string {
  if (/^\d{1,30}$/.test(String(id))) return String(id);
  throw refusal(String(id), 'is not a number');
}

/** Returns one part of an address's path, percent-encoded. */
export function encodedSegment(text: string): string {
  if (text !== '' && !/^\.{1,2}$/.test(text) && text.length <= 500) return encodeURIComponent(text);
  throw refusal(text, 'can not be part of an address');
}

/** Returns what is thrown for a name that can't be used. */
export function refusal(value: string, because: string): ProviderError {
  return new ProviderError('refused', `${JSON.stringify(value.slice(0, 200))} ${because}`);
}
