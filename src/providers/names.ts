import { isRefName, isSha } from '../events/git-names.js';
import { ProviderError } from './error.js';

/**
 * Names come from payloads and go into addresses. Each is checked against what it may look like, and never leads to
 * another address: no `.` or `..`, no slash where none belongs. All throw {@link ProviderError} (`refused`).
 */

const SEGMENT = /^(?!\.{1,2}$)[\w.~ -]{1,200}$/;

/** `owner/name`, or more parts, as the parts. */
export function repositoryParts(fullName: string): string[] {
  const parts = fullName.split('/');
  if (parts.length >= 2 && fullName.length <= 300 && parts.every((part) => SEGMENT.test(part))) return parts;
  throw refusal(fullName, 'is not a repository: it must read owner/name');
}

/** Exactly `owner/name`. */
export function ownerAndName(fullName: string): { owner: string; repo: string } {
  const [owner = '', repo = '', ...more] = repositoryParts(fullName);
  if (more.length > 0) throw refusal(fullName, 'is not a repository: it must read owner/name');
  return { owner, repo };
}

/** A full object name: 40 hexadecimal digits, or 64 in a SHA-256 repository. */
export function fullSha(sha: string): string {
  if (isSha(sha)) return sha;
  throw refusal(sha, 'is not a full commit id');
}

/** A branch, a tag or a shortened commit id, as it is: what git allows in one, without control characters. */
export function checkedRefName(name: string): string {
  if (isRefName(name) && !name.startsWith('-')) return name;
  throw refusal(name, 'is no name of a branch, a tag or a commit');
}

/** An account's login, as it is. */
export function loginName(login: string): string {
  if (/^(?!\.{1,2}$)[\w.-]{1,255}$/.test(login)) return login;
  throw refusal(login, 'is no login');
}

/** Digits, as a string. */
export function numericId(id: string | number): string {
  if (/^\d{1,30}$/.test(String(id))) return String(id);
  throw refusal(String(id), 'is not a number');
}

/** One part of an address, encoded. */
export function segment(text: string): string {
  if (text !== '' && !/^\.{1,2}$/.test(text) && text.length <= 500) return encodeURIComponent(text);
  throw refusal(text, 'can not be part of an address');
}

function refusal(value: string, because: string): ProviderError {
  return new ProviderError('refused', `${JSON.stringify(value.slice(0, 200))} ${because}`);
}
