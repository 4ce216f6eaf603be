import type {
  Commit,
  HookyardEvent,
  InternalEvent,
  PullRequestEvent,
  PushEvent,
  Repository,
  RepositoryEvent,
  TagEvent,
} from './event.js';

/** What can be asked of any event. */

/** The branch an event is about: the pushed one, or the one a pull request comes from. */
export function branchOf(event: HookyardEvent): string | undefined {
  if (event.kind === 'chained') return branchOf(event.event);
  if (event.kind === 'pull_request') return event.pullRequest.head.ref;
  return 'branch' in event ? event.branch : undefined;
}

/** The commit an event is about; a deletion has none. */
export function commitOf(event: HookyardEvent): Commit | undefined {
  if (event.kind === 'chained') return commitOf(event.event);
  return 'commit' in event ? event.commit : undefined;
}

/** Where a provider keeps the head of a pull request; undefined where it does not, and the commit is asked for by name. */
const PULL_REQUEST_REFS: Readonly<Partial<Record<string, (number: number) => string>>> = {
  github: (number) => `refs/pull/${number}/head`,
  gitlab: (number) => `refs/merge-requests/${number}/head`,
  gitea: (number) => `refs/pull/${number}/head`,
  forgejo: (number) => `refs/pull/${number}/head`,
  gogs: (number) => `refs/pull/${number}/head`,
  'bitbucket-data-center': (number) => `refs/pull-requests/${number}/from`,
};

/**
 * Where the commit of an event is fetched from: the repository, and the ref under which it is found there. A provider
 * that keeps no ref for pull requests has their heads in the repositories that they come from.
 */
export function whereOf(event: PushEvent | TagEvent | PullRequestEvent): { repository: string; ref: string } {
  const { fullName: repository } = event.repository;
  if (event.kind !== 'pull_request') return { repository, ref: event.ref };
  const { number, head } = event.pullRequest;
  const kept = PULL_REQUEST_REFS[event.provider];
  if (kept) return { repository, ref: kept(number) };
  return { repository: head.repository ?? repository, ref: `refs/heads/${head.ref}` };
}

/** The number of the pull request an event is about. */
export function pullRequestOf(event: HookyardEvent): number | undefined {
  if (event.kind === 'chained') return pullRequestOf(event.event);
  if (event.kind === 'pull_request') return event.pullRequest.number;
  if (event.kind === 'review') return event.number;
  return event.kind === 'comment' && event.on === 'pull_request' ? event.number : undefined;
}

/** Undefined for what comes from no repository. */
export function repositoryOf(event: HookyardEvent): Repository | undefined {
  if (event.kind === 'chained') return repositoryOf(event.event);
  return 'repository' in event ? event.repository : undefined;
}

/** One line for people: what happened, where. */
export function describe(event: HookyardEvent): string {
  if (event.kind === 'generic') return `${event.type} from ${event.source}`;
  if (isInternal(event)) return happenedInside(event);
  return `${happened(event, event.repository.fullName)}${at(commitOf(event))}`;
}

export function isInternal(event: HookyardEvent): event is InternalEvent {
  return event.kind === 'schedule' || event.kind === 'manual' || event.kind === 'chained';
}

function happenedInside(event: InternalEvent): string {
  switch (event.kind) {
    case 'schedule':
      return `time of cron "${event.cron}"`;
    case 'manual':
      return `asked for by hand${shownInputs(event.inputs)}`;
    case 'chained':
      return `${event.automation} ${event.outcome} after ${describe(event.event)}`;
    default:
      return event satisfies never;
  }
}

function shownInputs(inputs: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(inputs).filter(([, value]) => value !== undefined);
  return shown.length === 0 ? '' : ` with ${shown.map(([name, value]) => `${name}=${value}`).join(', ')}`;
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
