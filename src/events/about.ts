import type { Commit, HookyardEvent, Provider, Repository, RepositoryEvent } from './event.js';

/** What can be asked of any event. */

/** The branch an event is about: the pushed one, or the one a pull request comes from. */
export function branchOf(event: HookyardEvent): string | undefined {
  if (event.kind === 'pull_request') return event.pullRequest.head.ref;
  return 'branch' in event ? event.branch : undefined;
}

/** The commit an event is about; a deletion has none. */
export function commitOf(event: HookyardEvent): Commit | undefined {
  return 'commit' in event ? event.commit : undefined;
}

/** Where a provider keeps the head of a pull request; undefined where it does not, and the commit is asked for by name. */
const PULL_REQUEST_REFS: Readonly<Partial<Record<Provider, (number: number) => string>>> = {
  github: (number) => `refs/pull/${number}/head`,
  gitlab: (number) => `refs/merge-requests/${number}/head`,
  gitea: (number) => `refs/pull/${number}/head`,
  forgejo: (number) => `refs/pull/${number}/head`,
  gogs: (number) => `refs/pull/${number}/head`,
};

/** The ref under which an event's commit is found in its repository, where that is known. */
export function refOf(event: HookyardEvent): string | undefined {
  if (event.kind === 'pull_request') return PULL_REQUEST_REFS[event.provider]?.(event.pullRequest.number);
  return event.kind === 'push' || event.kind === 'tag' ? event.ref : undefined;
}

/** The number of the pull request an event is about. */
export function pullRequestOf(event: HookyardEvent): number | undefined {
  if (event.kind === 'pull_request') return event.pullRequest.number;
  if (event.kind === 'review') return event.number;
  return event.kind === 'comment' && event.on === 'pull_request' ? event.number : undefined;
}

/** Undefined for a generic event: it comes from no repository. */
export function repositoryOf(event: HookyardEvent): Repository | undefined {
  return event.kind === 'generic' ? undefined : event.repository;
}

/** One line for people: what happened, where. */
export function describe(event: HookyardEvent): string {
  if (event.kind === 'generic') return `${event.type} from ${event.source}`;
  return `${happened(event, event.repository.fullName)}${at(commitOf(event))}`;
}

function happened(event: RepositoryEvent, where: string): string {
  switch (event.kind) {
    case 'push':
      return `push to ${event.branch} of ${where}`;
    case 'tag':
      return `tag ${event.tag} of ${where}`;
    case 'branch_deleted':
      return `branch ${event.branch} of ${where} deleted`;
    case 'tag_deleted':
      return `tag ${event.tag} of ${where} deleted`;
    case 'pull_request':
      return `pull request #${event.pullRequest.number} of ${where} ${event.action}`;
    case 'comment':
      return `comment on ${event.on.replace('_', ' ')}${event.number ? ` #${event.number}` : ''} of ${where} ${event.action}`;
    case 'review':
      return `review of pull request #${event.number} of ${where}: ${event.action.replace('_', ' ')}`;
    case 'release':
      return `release ${event.tag} of ${where} ${event.action}`;
    case 'deployment':
      return `deployment of ${where} to ${event.environment}: ${event.action}`;
    case 'status':
      return `status ${event.name} of ${where}: ${event.state}`;
    default:
      return event satisfies never;
  }
}

function at(commit: Commit | undefined): string {
  return commit ? ` at ${commit.sha.slice(0, 7)}` : '';
}
