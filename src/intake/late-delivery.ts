import type { Source } from '../config/config.js';
import type { BranchDeletedEvent, HookyardEvent, PullRequestEvent, PushEvent } from '../events/event.js';
import { isSynthesisedFor, synthesisedKey } from '../events/synthesised-key.js';
import type { DeliveryRecord, Inbox, NewDelivery } from '../store/store.js';
import { asksForRun, type Verdict } from '../triggers/verdict.js';

/** Providers that keep no list of deliveries: what is missed there is found by how repositories stand. */
const SWEPT = new Set<Source['kind']>(['bitbucket-cloud', 'bitbucket-data-center', 'gitea', 'forgejo', 'gogs']);

const PER_PAGE = 200;
const MAX_PAGES = 25;

/** Whether deliveries of a source are made where nobody told of a change. */
export function isSwept(source: Source): boolean {
  return SWEPT.has(source.kind) && 'reconcile' in source && source.reconcile !== false && source.api !== undefined;
}

/**
 * A delivery that comes after a sweep has made it starts nothing a second time. It is stored as ignored; of one that
 * tells of several refs, only those that were made are filtered.
 *
 * What may be another move to the same commit is no repeat: of a branch that was told to have moved on meanwhile, of a
 * pull request that was changed since. Neither is one told that was made more than 5,000 deliveries ago, nor one that comes
 * in the very moment in which the sweep makes its own.
 */
export async function dropIfSynthesised(row: NewDelivery, inbox: Pick<Inbox, 'has' | 'list'>): Promise<NewDelivery> {
  const told = row.events.flatMap((event, part) =>
    isMakeable(event) ? [{ event, part, key: synthesisedKey(event) }] : [],
  );
  if (told.length === 0) return row;
  const keys = await inbox.has(
    row.source,
    told.map(({ key }) => key),
  );
  const asked = told.filter(({ key }) => keys.has(key));
  const repeats = new Map<number, string>();
  for (const { part, made } of await findMade(asked, { inbox, source: row.source }))
    repeats.set(part, `it came late: a look for missed deliveries has made ${made} of it`);
  const [because] = repeats.values();
  if (because === undefined) return row;
  if (repeats.size === row.events.length) return { ...row, events: [], verdicts: [], ignored: because };
  return { ...row, verdicts: row.verdicts.map((verdict) => unlessRepeat(verdict, repeats)) };
}

function unlessRepeat(verdict: Verdict, repeats: ReadonlyMap<number, string>): Verdict {
  const { automation, part } = verdict;
  const because = asksForRun(verdict) ? repeats.get(part ?? 0) : undefined;
  if (because === undefined) return verdict;
  return { automation, outcome: 'filtered', because, ...(part !== undefined && { part }) };
}

type Makeable = PushEvent | PullRequestEvent;

/** Other actions of a pull request, no sweep makes. */
function isMakeable(event: HookyardEvent): event is Makeable {
  if (event.kind === 'push') return true;
  return event.kind === 'pull_request' && ['opened', 'reopened', 'synchronize'].includes(event.action);
}

interface Told {
  readonly event: Makeable;
  readonly part: number;
  readonly key: string;
}

/** Those that repeat what was made, each with our id of that delivery. */
async function findMade(
  asked: readonly Told[],
  { inbox, source }: { inbox: Pick<Inbox, 'list'>; source: string },
): Promise<{ part: number; made: string }[]> {
  const repeats: { part: number; made: string }[] = [];
  const later: HookyardEvent[] = [];
  let open = asked;
  let before: number | undefined;
  for (let pages = 0; open.length > 0 && pages < MAX_PAGES; pages++) {
    const page = await inbox.list({ source, limit: PER_PAGE, ...(before !== undefined && { before }) });
    for (const delivery of page) {
      const found = open.filter(({ key }) => isSynthesisedFor(delivery, key));
      for (const { event, part } of found)
        if (isRepeat(event, { made: delivery.events[0], later })) repeats.push({ part, made: delivery.id });
      open = open.filter((one) => !found.includes(one));
      later.push(...delivery.events);
    }
    const end: DeliveryRecord | undefined = page.at(-1);
    if (!end || page.length < PER_PAGE) break;
    // Several may have come within one millisecond: some are read twice.
    before = end.receivedAt + 1;
  }
  return repeats;
}

/** `later`: what was told since the sweep made its delivery. */
function isRepeat(
  event: Makeable,
  { made, later }: { made: HookyardEvent | undefined; later: readonly HookyardEvent[] },
): boolean {
  if (event.kind === 'push') {
    if (made?.kind !== 'push') return false;
    const moves = later.filter((other) => isOfBranch(other, event));
    const left = moves.some((other) => other.kind === 'branch_deleted' || other.before === event.commit.sha);
    const cameFrom = (other: Move) => (other.kind === 'push' ? other.commit.sha : undefined) === event.before;
    return !(left && (made.before !== event.before || moves.some(cameFrom)));
  }
  if (made?.kind !== 'pull_request') return false;
  const [changed, then] = [event, made].map(({ pullRequest }) => Date.parse(pullRequest.updatedAt ?? ''));
  return changed !== undefined && then !== undefined && changed <= then;
}

type Move = PushEvent | BranchDeletedEvent;

function isOfBranch(other: HookyardEvent, { repository, branch }: PushEvent): other is Move {
  if (other.kind !== 'push' && other.kind !== 'branch_deleted') return false;
  return other.repository.id === repository.id && other.branch === branch;
}
