import type { HookyardEvent, Repository } from '../../events/event.js';
import type { Inbox } from '../../store/store.js';
import { walkInbox } from './walk-inbox.js';

/** What the inbox knows of where branches and pull requests of a repository stood. */
export interface SeenHeads {
  /**
   * Whether it was told that a head stands there. A branch that was told to have moved on does not any more: when it is
   * there again, somebody pushed it back. How often it came and went is counted, because deliveries overtake each other.
   * Of a pull request nobody tells what it moved on from: one that goes back is not noticed.
   */
  has(id: string, sha: string): boolean;
  /** Whether it was told that a branch moved on from there, and not that it came back. */
  left(id: string, sha: string): boolean;
  /** Where it stood last. */
  last(id: string): string | undefined;
  /** Whether all that came since then was looked at. */
  readonly complete: boolean;
}

/** 11 deliveries a second, over the hour and ten minutes that are usually looked at. */
const MAX_DELIVERIES = 50_000;
/** Bitbucket Cloud's pull requests name commits by these alone. */
const SHORT = 12;

interface Of {
  readonly source: string;
  /** As the provider has it. Its name may be written in other letters, and may have been another. */
  readonly repository: Pick<Repository, 'id' | 'fullName'>;
  /** Unix ms. */
  readonly since: number;
  /** When the repository was asked how it stands (Unix ms): a branch that moved on later may be where it was then. */
  readonly asked: number;
}

/** Reads what came of a repository since a time. */
export async function seenHeads(
  inbox: Pick<Inbox, 'list'>,
  { source, repository, since, asked }: Of,
): Promise<SeenHeads> {
  const came = new Map<string, number>();
  const went = new Map<string, number>();
  const last = new Map<string, string>();
  const complete = await walkInbox(inbox, { source, since, most: MAX_DELIVERIES }, ({ events, receivedAt }) => {
    for (const event of events) {
      const head = headOf(event, repository);
      if (!head) continue;
      const { id, sha, before } = head;
      count(came, placeOf(id, sha));
      if (before !== undefined && receivedAt < asked) count(went, placeOf(id, before));
      // Newest first.
      if (!last.has(id)) last.set(id, sha);
    }
  });
  const times = (counted: ReadonlyMap<string, number>, place: string) => counted.get(place) ?? 0;
  const has: SeenHeads['has'] = (id, sha) => {
    const place = placeOf(id, sha);
    if (times(came, place) > times(went, place)) return true;
    const newest = last.get(id);
    return newest !== undefined && placeOf(id, newest) === place;
  };
  return {
    has,
    left: (id, sha) => times(went, placeOf(id, sha)) > 0 && !has(id, sha),
    last: (id) => last.get(id),
    complete,
  };
}

function placeOf(id: string, sha: string): string {
  return `${id}@${sha.slice(0, SHORT)}`;
}

function count(counted: Map<string, number>, place: string): void {
  counted.set(place, (counted.get(place) ?? 0) + 1);
}

function headOf(
  event: HookyardEvent,
  { id, fullName }: Of['repository'],
): { id: string; sha: string; before?: string | undefined } | undefined {
  if (event.kind !== 'push' && event.kind !== 'pull_request') return undefined;
  // A payload without an id has its name instead.
  if (event.repository.id !== id && event.repository.id !== fullName) return undefined;
  const { sha } = event.commit;
  if (event.kind === 'push') return { id: `branch:${event.branch}`, sha, before: event.before };
  return { id: `pull:${event.pullRequest.number}`, sha };
}
