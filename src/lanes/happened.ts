import type { HookyardEvent, PushEvent } from '../events/event.js';

/**
 * When and where an event has happened, as far as it tells. Deliveries are sent again hours later, so that which of two is the
 * newer does not follow from which came first. Stored with lanes, so its fields keep their names.
 */
export interface Happened {
  /** By the provider's clock, Unix ms. */
  readonly at?: number;
  /** It was told of long after that. */
  readonly late?: true;
  /** Of a push: the branch with the commit that it came from, and with the one that it went to. */
  readonly from?: string;
  readonly to?: string;
}

/** Longer than deliveries are under way, and clocks apart, where nothing is wrong: within it the order of arrival is as good. */
const LATE_MS = 30_000;

/** Returns when and where an event has happened; undefined for one that does not tell. */
export function happenedOf(event: HookyardEvent): Happened | undefined {
  const time = event.kind === 'pull_request' ? event.pullRequest.updatedAt : timeOfPush(event);
  const at = Date.parse(time ?? '');
  const happened: Happened = {
    ...(!Number.isNaN(at) && { at, ...(Date.parse(event.receivedAt) - at > LATE_MS && { late: true as const }) }),
    ...(event.kind === 'push' && event.before !== undefined && moveOf(event, event.before)),
  };
  return Object.keys(happened).length > 0 ? happened : undefined;
}

/** Another branch may begin where this one ends, and tells nothing of it. */
function moveOf({ branch, commit }: PushEvent, before: string): Pick<Happened, 'from' | 'to'> {
  return { from: `${branch} ${before}`, to: `${branch} ${commit.sha}` };
}

function timeOfPush(event: HookyardEvent): string | undefined {
  return event.kind === 'push' || event.kind === 'tag' ? event.pushedAt : undefined;
}

/** Something that has arrived. */
export interface Arrival {
  /** Counts up. */
  readonly arrived: number;
  readonly happened?: Happened | undefined;
}

/** Returns whether one thing is older than another: it arrived before, unless one of them was told late. */
export function isOlder(one: Arrival, other: Arrival): boolean {
  return one.arrived < other.arrived ? !wasToldLate(other, one) : wasToldLate(one, other);
}

/**
 * Returns whether what arrives now is older than what has run, by the provider's clock alone: without one, a branch that was put back
 * looks like a push that is told late.
 */
export function hasHappenedBefore({ happened }: Arrival, ran: Arrival): boolean {
  return happened?.at !== undefined && ran.happened?.at !== undefined && wasToldLate({ happened }, ran);
}

/** Whether what arrived second happened first: by the clock where both tell it, else because the first begins where it ends. */
function wasToldLate(
  { happened: second }: Pick<Arrival, 'happened'>,
  { happened: first }: Pick<Arrival, 'happened'>,
): boolean {
  if (second?.at !== undefined && first?.at !== undefined) return second.late === true && second.at < first.at;
  // A branch that went back and forth begins where it ends both ways.
  return second?.to !== undefined && second.to === first?.from && second.from !== first.to;
}
