import { branchOf, pullRequestOf } from '../events/accessors.js';
import type { HookyardEvent } from '../events/event.js';
import { fieldOf } from '../events/field-of.js';

/** What an event has to be about for a wait to get it, in a repository or a source. Stored, so its fields keep their names. */
export type About =
  /** `branch`: its head, where that is a branch of the repository itself. */
  | { readonly kind: 'pull-request'; readonly number: number; readonly branch?: string }
  | { readonly kind: 'issue'; readonly number: number }
  | { readonly kind: 'branch'; readonly branch: string }
  | { readonly kind: 'repository' }
  /** A field of the event has this value. */
  | { readonly kind: 'field'; readonly path: string; readonly value: string };

/** Where a wait looks for events: in a repository, or among all that a source sends which has none. */
export interface Place {
  readonly source: string;
  /** The provider's id of it, which stays when it is renamed; empty for a source that has none. */
  readonly repository: string;
}

/** Returns where an event happened; undefined for one that no delivery says. */
export function placeOf(event: HookyardEvent): Place | undefined {
  if (event.kind === 'chained') return placeOf(event.event);
  if (event.kind === 'generic') return { source: event.source, repository: '' };
  return 'repository' in event ? { source: event.source, repository: event.repository.id } : undefined;
}

/** Returns what an event is about: its pull request or issue, else its branch, else its repository. */
export function aboutOf(event: HookyardEvent): About {
  if (event.kind === 'chained') return aboutOf(event.event);
  const number = pullRequestOf(event);
  if (number !== undefined) {
    const [branch] = event.kind === 'pull_request' ? branchesOf(event) : [];
    return { kind: 'pull-request', number, ...(branch !== undefined && { branch }) };
  }
  if (event.kind === 'comment' && event.on === 'issue' && event.number !== undefined)
    return { kind: 'issue', number: event.number };
  const [branch] = event.kind === 'deployment' ? [] : branchesOf(event);
  return branch === undefined ? { kind: 'repository' } : { kind: 'branch', branch };
}

/**
 * Returns whether an event of the same place is about the same. A tag or a release is of no branch and no pull request: the
 * repository is enough.
 */
export function isAbout(event: HookyardEvent, about: About): boolean {
  if (about.kind === 'field') return fieldOf(event, about.path) === about.value;
  if (about.kind === 'repository' || event.kind === 'tag' || event.kind === 'release') return true;
  const number = pullRequestOf(event);
  switch (about.kind) {
    case 'pull-request':
      // Two pull requests may have one head.
      if (number !== undefined) return number === about.number;
      return about.branch !== undefined && branchesOf(event).includes(about.branch);
    case 'issue':
      return event.kind === 'comment' && event.on === 'issue' && event.number === about.number;
    case 'branch':
      return branchesOf(event).includes(about.branch);
    default:
      return about satisfies never;
  }
}

/** Returns the repository's own branches that an event is about. A fork's branch of the same name is another branch. */
function branchesOf(event: HookyardEvent): readonly string[] {
  if (event.kind === 'pull_request') return event.pullRequest.fork ? [] : [event.pullRequest.head.ref];
  if ('fork' in event && event.fork) return [];
  if (event.kind === 'status' && event.branches) return event.branches;
  const branch = event.kind === 'deployment' ? event.ref?.replace(/^refs\/heads\//, '') : branchOf(event);
  return branch === undefined ? [] : [branch];
}
