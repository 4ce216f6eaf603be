import { repositoryOf } from '../../events/accessors.js';
import type { HookyardEvent, Repository } from '../../events/event.js';
import type { Inbox } from '../../store/store.js';
import { PUBLISHED } from './sweep-state.js';
import { walkInbox } from './walk-inbox.js';

/** The heads of branches, pull requests, tags and releases of a repository, as the deliveries in the inbox report them. */
export interface SeenHeads {
  /**
   * Whether a delivery reported that a head is at a commit. Not if the branch was reported to have moved on: when it is
   * there again, somebody pushed it back. Arrivals and departures are counted, because deliveries overtake each other.
   * No delivery reports what a pull request moved on from, so one that goes back is not noticed.
   */
  has(id: string, sha: string): boolean;
  /** Whether a branch was reported to have moved on from a commit, and not to have come back. */
  left(id: string, sha: string): boolean;
  /** The commit that a head was reported at last. */
  last(id: string): string | undefined;
  /** Whether a head was reported to be deleted or closed, and nothing of it since: if it is there, it is back. */
  isGone(id: string): boolean;
  /** Whether all deliveries since then were read. */
  readonly complete: boolean;
}

/** 11 deliveries a second, over the hour and ten minutes that are usually read. */
const MAX_DELIVERIES = 50_000;
/** Deliveries come in any order: so long after a head was made again its end may be told of. */
const OUT_OF_ORDER_MS = 60_000;
/** Digits of a commit's name that are compared: Bitbucket Cloud's pull requests have no more. */
const SHORT = 12;

interface SeenHeadsOptions {
  readonly source: string;
  /** As the provider has it: the name in deliveries may differ in case, or be an older one. */
  readonly repository: Pick<Repository, 'id' | 'fullName'>;
  /** Unix ms. */
  readonly since: number;
  /** When the provider was asked for the heads (Unix ms): a branch that moved on later may have been there then. */
  readonly asked: number;
}

/** Returns what the inbox's deliveries since a time report of a repository's heads. */
export async function seenHeads(
  inbox: Pick<Inbox, 'list'>,
  { source, repository, since, asked }: SeenHeadsOptions,
): Promise<SeenHeads> {
  const came = new Map<string, number>();
  const went = new Map<string, number>();
  const last = new Map<string, string>();
  const ended = new Map<string, ToldAt>();
  const complete = await walkInbox(inbox, { source, since, limit: MAX_DELIVERIES }, ({ events, receivedAt }) => {
    for (const event of events) {
      const head = headOf(event, repository);
      if (!head) continue;
      const { id, sha, before, changedAt } = head;
      // Newest first.
      const isNewest = !last.has(id);
      if (sha === undefined) {
        if (isNewest && receivedAt < asked && !ended.has(id)) ended.set(id, { receivedAt, changedAt });
        continue;
      }
      count(came, headKey(id, sha));
      if (before !== undefined && receivedAt < asked) count(went, headKey(id, before));
      if (!isNewest) continue;
      last.set(id, sha);
      const end = ended.get(id);
      if (end && isLate(end, { receivedAt, changedAt })) ended.delete(id);
    }
  });
  const times = (counted: ReadonlyMap<string, number>, key: string) => counted.get(key) ?? 0;
  const has: SeenHeads['has'] = (id, sha) => {
    if (ended.has(id)) return false;
    const key = headKey(id, sha);
    if (times(came, key) > times(went, key)) return true;
    const newest = last.get(id);
    return newest !== undefined && headKey(id, newest) === key;
  };
  return {
    has,
    left: (id, sha) => ended.has(id) || (times(went, headKey(id, sha)) > 0 && !has(id, sha)),
    last: (id) => (ended.has(id) ? undefined : last.get(id)),
    isGone: (id) => ended.has(id),
    complete,
  };
}

/** When a head was told of, and when the provider had changed it, as far as that is said. Unix ms, both. */
interface ToldAt {
  readonly receivedAt: number;
  readonly changedAt: number | undefined;
}

/** Whether an end that came after a head may be older: people have missed deliveries sent again, long after. */
function isLate(end: ToldAt, head: ToldAt): boolean {
  if (end.receivedAt - head.receivedAt < OUT_OF_ORDER_MS) return true;
  return end.changedAt !== undefined && head.changedAt !== undefined && end.changedAt < head.changedAt;
}

function headKey(id: string, sha: string): string {
  return `${id}@${sha.slice(0, SHORT)}`;
}

function count(counted: Map<string, number>, key: string): void {
  counted.set(key, (counted.get(key) ?? 0) + 1);
}

/** Returns the head that an event is about: without a commit where it tells of its end. */
function headOf(
  event: HookyardEvent,
  { id, fullName }: SeenHeadsOptions['repository'],
): { id: string; sha?: string; before?: string | undefined; changedAt?: number } | undefined {
  const repository = repositoryOf(event);
  // A payload without an id has its name instead.
  if (repository?.id !== id && repository?.id !== fullName) return undefined;
  switch (event.kind) {
    case 'push':
      return { id: `branch:${event.branch}`, sha: event.commit.sha, before: event.before };
    case 'branch_deleted':
      return { id: `branch:${event.branch}` };
    case 'pull_request': {
      const id = `pull:${event.pullRequest.number}`;
      const isClosed = event.action === 'closed' || event.pullRequest.state === 'closed';
      // Without a time it is NaN, which is neither before nor after any other.
      const changedAt = Date.parse(event.pullRequest.updatedAt ?? '');
      return isClosed ? { id, changedAt } : { id, sha: event.commit.sha, changedAt };
    }
    case 'tag':
      return { id: `tag:${event.tag}`, sha: event.commit.sha };
    case 'tag_deleted':
      return { id: `tag:${event.tag}` };
    case 'release': {
      const id = `release:${event.tag}`;
      if (event.action === 'deleted') return { id };
      return event.action === 'published' ? { id, sha: PUBLISHED } : undefined;
    }
    default:
      return undefined;
  }
}
