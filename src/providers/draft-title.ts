/** Drafts that are marked in the title: at Gitea and Forgejo all are, at GitLab those of old versions. */

/** What a title says of a draft where nobody has configured anything else. */
const KNOWN = /^\s*(?:wip:|\[wip\]|draft:|draft\s+-|\[draft\]|\(draft\))/i;
/** A prefix that somebody may have configured, `Entwurf:` or `[Not yet]`. Conventional commits have none of these. */
const PREFIX =
  /^\s*(?!(?:build|chore|ci|docs|feat|fix|perf|refactor|revert|style|test):)(?:\p{L}{1,30}:|\[[\p{L} ]{1,30}\])\s*/iu;

/** Returns whether the title marks a draft by one of the usual prefixes. */
export function isDraftTitle(title: string): boolean {
  return KNOWN.test(title);
}

/** The title of a pull request before and after it was edited. */
export interface TitleChange {
  readonly from: string;
  readonly to: string;
  /** Whether it is a draft now, where the payload says so. Left out where prefixes can't be configured. */
  readonly draft?: boolean | null | undefined;
}

/**
 * Returns what a new title makes of a pull request: ready, or a draft. Undefined where it stays what it was. Servers may
 * have prefixes of their own: if the payload says what it is now, a prefix that came or went tells what it was.
 */
export function draftChange({ from, to, draft }: TitleChange): 'ready_for_review' | 'converted_to_draft' | undefined {
  const isNow = draft ?? isDraftTitle(to);
  const was = isDraftTitle(from) || (draft === true ? startsAlike(from, to) : draft === false && lostPrefix(from, to));
  if (isNow === was) return undefined;
  return isNow ? 'converted_to_draft' : 'ready_for_review';
}

/** Whether the prefix of the new title, which marks a draft, stood in front of the old one too. */
function startsAlike(from: string, to: string): boolean {
  const prefix = PREFIX.exec(to)?.[0].trim().toLowerCase();
  return prefix === undefined || from.trimStart().toLowerCase().startsWith(prefix);
}

/** Whether the new title is the old one without its prefix. */
function lostPrefix(from: string, to: string): boolean {
  const prefix = PREFIX.exec(from)?.[0];
  return prefix !== undefined && from.slice(prefix.length) === to;
}
