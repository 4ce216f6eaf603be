/**
 * What an approval is, in the words of all that have to do with one: the run that waits, who answers, who shows it. Open runs and
 * stored rows hold these: fields may be added, and keep their names. Pure, because workflow code imports it.
 */

import { truncate } from '../events/truncate.js';

/** Signal: somebody has answered an approval that the run waits for. Carries an {@link ApprovalAnswer}. */
export const ANSWER_SIGNAL = 'hookyard-answer-approval';

/** Signal: what an approval was asked for has changed. Carries an {@link ApprovalOutdated}. */
export const APPROVAL_OUTDATED_SIGNAL = 'hookyard-approval-outdated';

/** How an answer may come in. `operator`: by the command line or the API, for which one token is all that is needed. */
export const ANSWER_WAYS = ['comment', 'link', 'operator'] as const;

/** One of {@link ANSWER_WAYS}. */
export type AnswerWay = (typeof ANSWER_WAYS)[number];

/** An account at a provider. */
export interface Person {
  readonly login: string;
  /** The provider's id of the account, where it is known. */
  readonly id?: string | undefined;
}

/** One approval of a run: of several of one name, the `nth` that the run asks for, from 1. */
export interface ApprovalRef {
  readonly name: string;
  readonly nth: number;
}

/** What somebody answers. Nothing of it is taken for granted: the run that waits asks whether it counts. */
export interface ApprovalAnswer extends ApprovalRef {
  /** The same answer, told again, has the same. */
  readonly id: string;
  readonly approves: boolean;
  readonly why?: string | undefined;
  /** Of an operator, what they call themselves. */
  readonly person: Person;
  readonly how: AnswerWay;
  /** When it was given, ISO 8601: the run may hear of it later, and so counts what is given in time. */
  readonly at: string;
  /** The commit that was looked at. */
  readonly sha?: string | undefined;
}

/** That an approval is void. */
export interface ApprovalOutdated extends ApprovalRef {
  /** In words that follow "outdated:". */
  readonly because: string;
}

/** Somebody's approval that counts. */
export interface GivenApproval {
  readonly login: string;
  /** The provider's id of the account, where it is known. */
  readonly id?: string | undefined;
  /** ISO 8601. */
  readonly at: string;
  readonly how: AnswerWay;
  /** The commit that was approved; absent where the run has none. */
  readonly sha?: string | undefined;
}

/** Who may approve, and how many have to. */
export interface ApprovalRules {
  /** As {@link readApprover} takes them; at least one. */
  readonly by: readonly string[];
  readonly quorum: number;
  /** Whose change it is: they do not count, unless `allowAuthor`. */
  readonly authors: readonly Person[];
  readonly allowAuthor: boolean;
  /** Whether an operator counts as one more person. */
  readonly operators: boolean;
}

/** Who may approve, as an automation names them. */
export type Approver =
  | { readonly kind: 'person'; readonly login: string }
  | { readonly kind: 'account'; readonly id: string }
  | { readonly kind: 'team'; readonly team: string }
  | { readonly kind: 'permission'; readonly permission: 'read' | 'write' | 'admin' };

/** Returns what an entry of `by` means, or undefined for what means nothing: `anna`, `id:42`, `team:acme/ops`, `permission:write`. */
export function readApprover(text: string): Approver | undefined {
  // A login has no colon at any provider.
  const [, kind, rest = ''] = /^(id|team|group|permission):(.+)$/s.exec(text) ?? [];
  switch (kind) {
    case 'id':
      return /^[\w:.{}-]{1,128}$/.test(rest) ? { kind: 'account', id: rest } : undefined;
    case 'team':
    case 'group':
      return isTeam(rest) ? { kind: 'team', team: rest } : undefined;
    case 'permission':
      return rest === 'read' || rest === 'write' || rest === 'admin'
        ? { kind: 'permission', permission: rest }
        : undefined;
    default: {
      const login = text.replace(/^@/, '');
      return /^[^\s:,][^\p{Cc}:,]{0,254}$/u.test(login) ? { kind: 'person', login } : undefined;
    }
  }
}

/** Returns whether a text is a path of names. */
function isTeam(text: string): boolean {
  return text.length <= 500 && text.split('/').every((part) => /^(?!\.{1,2}$)[\w.-]+$/.test(part));
}

/** Returns in words who may approve: `anna, a member of acme/ops or anybody with write access`. */
export function approversInWords(by: readonly string[]): string {
  const words = by.map((entry) => {
    const approver = readApprover(entry);
    switch (approver?.kind) {
      case 'person':
        return approver.login;
      case 'account':
        return `account ${approver.id}`;
      case 'team':
        return `a member of ${approver.team}`;
      case 'permission':
        return `anybody with ${approver.permission} access`;
      case undefined:
        return entry;
      default:
        return approver satisfies never;
    }
  });
  const last = words.pop() ?? 'nobody';
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`;
}

/** Returns whether two accounts may be one person's: no provider tells logins apart by their case. */
export function isSamePerson(one: Person, other: Person): boolean {
  return one.login.toLowerCase() === other.login.toLowerCase() || (one.id !== undefined && one.id === other.id);
}

/** Returns whether it can't be told that two accounts are two people's: of one the id alone is known, of the other the login. */
function mayBeSamePerson(one: Person, other: Person): boolean {
  return (isIdAlone(one) && other.id === undefined) || (isIdAlone(other) && one.id === undefined);
}

/** A link may be for an account whose login nobody has said. */
function isIdAlone({ login, id }: Person): boolean {
  return login === id;
}

/**
 * Returns why an answer does not count, whoever may approve, as far as that needs nobody to be asked: an author's own approval, a
 * second one of the same person. All operators are one person, since one token is all that is known of them.
 */
export function whyNotCounted(
  { approves, how, person }: Pick<ApprovalAnswer, 'approves' | 'how' | 'person'>,
  { rules, given }: { readonly rules: ApprovalRules; readonly given: readonly GivenApproval[] },
): string | undefined {
  if (how === 'operator' && !rules.operators) return 'operators do not count for this approval';
  if (!approves) return undefined;
  if (!rules.allowAuthor && rules.authors.some((author) => isSamePerson(author, person)))
    return `${person.login} is an author of the change, and somebody else has to approve it`;
  const other = [...(rules.allowAuthor ? [] : rules.authors), ...given.filter((one) => one.how !== 'operator')].find(
    (one) => how !== 'operator' && mayBeSamePerson(one, person),
  );
  if (other) return `it can't be told whether ${person.login} and ${other.login} are two people: answer by a comment`;
  const isKnown = given.some((one) =>
    how === 'operator' ? one.how === 'operator' || isSamePerson(one, person) : isSamePerson(one, person),
  );
  return isKnown ? `${how === 'operator' ? 'an operator' : person.login} has approved it already` : undefined;
}

/** Returns whether a commit's name, or a beginning of it, means this commit. */
export function isCommit(sha: string, meant: string): boolean {
  return sha.startsWith(meant) || meant.startsWith(sha);
}

/** In characters. */
const MAX_WHY = 500;

/** Returns in words that somebody rejected something, and why: one line. */
export function rejectedInWords({ by, why = '' }: { readonly by: string; readonly why?: string | undefined }): string {
  const reason = oneLine(why, MAX_WHY);
  return `rejected by ${by}${reason && `: ${reason}`}`;
}

/** Returns what somebody wrote as one line without control characters, of `max` characters at most. */
export function oneLine(text: string, max: number): string {
  return truncate(text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim(), max);
}
