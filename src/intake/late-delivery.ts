import { repositoryOf } from '../events/accessors.js';
import type {
  BranchDeletedEvent,
  HookyardEvent,
  PullRequestEvent,
  PushEvent,
  ReleaseEvent,
  TagEvent,
} from '../events/event.js';
import { isSynthesisedFor, synthesisedKey } from '../events/synthesised-key.js';
import { newestFirst } from '../store/newest-first.js';
import type { Inbox } from '../store/store.js';

/**
 * Returns which events of a delivery reconciling has synthesised already, by their place in the delivery, each with the
 * reason in words: the delivery came late, and they must not start anything a second time.
 *
 * An event that may be another move to the same commit does not count: its branch is known to have moved on meanwhile, or
 * its pull request was changed since. Nor does one that was synthesised more than 5,000 deliveries ago, nor one that
 * arrives in the very moment in which reconciling makes its own.
 */
export async function findSynthesised(
  events: readonly HookyardEvent[],
  { source, inbox }: { source: string; inbox: Pick<Inbox, 'has' | 'list'> },
): Promise<ReadonlyMap<number, string>> {
  const candidates = events.flatMap((event, part) =>
    isSynthesisable(event) ? [{ event, part, key: synthesisedKey(event) }] : [],
  );
  const keys = await inbox.has(
    source,
    candidates.map(({ key }) => key),
  );
  const known = candidates.filter(({ key }) => keys.has(key));
  const repeats = await findRepeats(known, { inbox, source });
  return new Map(
    repeats.map(({ part, made }) => [part, `it came late: a look for missed deliveries has made ${made} of it`]),
  );
}

type Synthesisable = PushEvent | PullRequestEvent | TagEvent | ReleaseEvent;

/** Reconciling synthesises no other actions of a pull request or a release. */
function isSynthesisable(event: HookyardEvent): event is Synthesisable {
  switch (event.kind) {
    case 'push':
    case 'tag':
      return true;
    case 'release':
      return event.action === 'published';
    case 'pull_request':
      return ['opened', 'reopened', 'synchronize'].includes(event.action);
    default:
      return false;
  }
}

interface Candidate {
  readonly event: Synthesisable;
  readonly part: number;
  readonly key: string;
}

/** Returns those that repeat a synthesised delivery, each with our id of that. */
async function findRepeats(
  candidates: readonly Candidate[],
  { inbox, source }: { inbox: Pick<Inbox, 'list'>; source: string },
): Promise<{ part: number; made: string }[]> {
  const repeats: { part: number; made: string }[] = [];
  const later: HookyardEvent[] = [];
  const open = new Set(candidates);
  if (open.size === 0) return repeats;
  for await (const delivery of newestFirst(inbox, source)) {
    for (const one of open) {
      if (!isSynthesisedFor(delivery, one.key)) continue;
      open.delete(one);
      if (isRepeat(one.event, { made: delivery.events[0], later })) repeats.push({ part: one.part, made: delivery.id });
    }
    if (open.size === 0) break;
    later.push(...delivery.events);
  }
  return repeats;
}

/** Whether an event repeats the one that was `made`. `later`: the events of the deliveries that came after it. */
function isRepeat(
  event: Synthesisable,
  { made, later }: { made: HookyardEvent | undefined; later: readonly HookyardEvent[] },
): boolean {
  // The key has its name alone, which another repository may have had.
  if (made && repositoryOf(made)?.id !== event.repository.id) return false;
  if (event.kind === 'push') {
    if (made?.kind !== 'push') return false;
    const moves = later.filter((other) => isOfBranch(other, event));
    const left = moves.some((other) => other.kind === 'branch_deleted' || other.before === event.commit.sha);
    const cameFrom = (other: Move) => (other.kind === 'push' ? other.commit.sha : undefined) === event.before;
    return !(left && (made.before !== event.before || moves.some(cameFrom)));
  }
  // A tag that went elsewhere meanwhile may be back, and a release that was deleted may be published again.
  if (event.kind === 'tag' || event.kind === 'release')
    return made?.kind === event.kind && !later.some((other) => isOfTag(other, event));
  if (made?.kind !== 'pull_request') return false;
  return changedAt(event) <= changedAt(made);
}

/** In Unix ms; NaN where nobody said. */
function changedAt({ pullRequest }: PullRequestEvent): number {
  return Date.parse(pullRequest.updatedAt ?? '');
}

type Move = PushEvent | BranchDeletedEvent;

function isOfBranch(other: HookyardEvent, { repository, branch }: PushEvent): other is Move {
  if (other.kind !== 'push' && other.kind !== 'branch_deleted') return false;
  return other.repository.id === repository.id && other.branch === branch;
}

/** Whether an event is about the same tag, or the release of the same tag. */
function isOfTag(other: HookyardEvent, { kind, repository, tag }: TagEvent | ReleaseEvent): boolean {
  const isSame = kind === 'tag' ? other.kind === 'tag' || other.kind === 'tag_deleted' : other.kind === 'release';
  return isSame && 'tag' in other && other.repository.id === repository.id && other.tag === tag;
}
