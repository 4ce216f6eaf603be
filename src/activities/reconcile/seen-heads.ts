import type { HookyardEvent } from '../../events/event.js';
import type { Inbox } from '../../store/store.js';
import { walkInbox } from './walk-inbox.js';

/** What the inbox knows of where branches and pull requests of a repository stood. */
export interface SeenHeads {
  has(id: string, sha: string): boolean;
  /** Where it stood last. */
  last(id: string): string | undefined;
  /** Whether all that came since then was looked at. */
  readonly complete: boolean;
}

/** 11 deliveries a second, over the hour and ten minutes that are usually looked at. */
const MOST_DELIVERIES = 50_000;
/** Bitbucket Cloud's pull requests name commits by these alone. */
const SHORT = 12;

/** Reads what came of a source since a time (Unix ms). */
export async function seenHeads(
  inbox: Pick<Inbox, 'list'>,
  { source, repository, since }: { source: string; repository: string; since: number },
): Promise<SeenHeads> {
  const seen = new Set<string>();
  const last = new Map<string, string>();
  const complete = await walkInbox(inbox, { source, since, most: MOST_DELIVERIES }, ({ events }) => {
    for (const event of events) {
      const head = headOf(event, repository);
      if (!head) continue;
      seen.add(`${head.id}@${head.sha.slice(0, SHORT)}`);
      // Newest first.
      if (!last.has(head.id)) last.set(head.id, head.sha);
    }
  });
  return {
    has: (id, sha) => seen.has(`${id}@${sha.slice(0, SHORT)}`),
    last: (id) => last.get(id),
    complete,
  };
}

function headOf(event: HookyardEvent, repository: string): { id: string; sha: string } | undefined {
  if (!('repository' in event) || event.repository.fullName !== repository) return undefined;
  if (event.kind === 'push') return { id: `branch:${event.branch}`, sha: event.commit.sha };
  if (event.kind === 'pull_request') return { id: `pull:${event.pullRequest.number}`, sha: event.commit.sha };
  return undefined;
}
