/** What an ID token says of the code that a job runs, and of what runs it. */
export interface Subject {
  /** Name of the configured source. */
  readonly source: string;
  /** `owner/name` */
  readonly repository: string;
  /** `refs/heads/main`; absent for the head of a pull request, which is in no branch or tag that anybody protects. */
  readonly ref?: string | undefined;
  readonly automation: string;
}

/** In characters. Source: OpenID Connect Core 1.0, section 2. */
const MAX_SUBJECT = 255;

/**
 * Returns the `sub` claim: `source:SOURCE:repository:OWNER/NAME:ref:REF:automation:NAME`, or `…:pull_request:automation:NAME` without a
 * ref. Different subjects have different texts, since what separates the parts is escaped in each. Throws a RangeError for what has no
 * such text: a part that is empty or not Unicode, and more than the 255 characters that relying parties have to take.
 */
export function subjectOf({ source, repository, ref, automation }: Subject): string {
  const of = ref === undefined ? ['pull_request'] : ['ref', escaped(ref)];
  const text = [
    ...['source', escaped(source), 'repository', escaped(repository)],
    ...of,
    ...['automation', escaped(automation)],
  ].join(':');
  if (text.length > MAX_SUBJECT)
    throw new RangeError(`its subject has ${text.length} characters, and relying parties take ${MAX_SUBJECT}: ${text}`);
  return text;
}

/** Returns a part with everything escaped, as in a URL, that separates, escapes, or is no visible ASCII character. */
function escaped(part: string): string {
  if (part === '') throw new RangeError('a part of its subject is empty');
  if (/\p{Surrogate}/u.test(part)) throw new RangeError('a part of its subject is not Unicode');
  return part.replace(/[^\x21-\x7e]|[%:]/gu, encodeURIComponent);
}
