/** A run in a lane, as far as it decides who waits for whom. */
export interface Standing {
  readonly workflowId: string;
  readonly lane: string;
  /** Of the lane. */
  readonly title: string;
  readonly state: 'waits' | 'runs' | 'aside';
  /** It has the slot of another run. */
  readonly isPart: boolean;
  /** It was told to end. */
  readonly ends: boolean;
  /** Workflow ids of the runs that it is a part of, and that wait for it, the nearest first. */
  readonly within: readonly string[];
}

/** One run that waits, and who has a slot that it waits for. */
interface Link {
  readonly waits: Standing;
  readonly holder: Standing;
}

/** How it is told that a run can't have a slot since it would wait for ever. */
const DEADLOCK = 'deadlock: ';
/** Of a circle, runs that are named. */
const MAX_NAMED = 5;

/** Returns whether a reason is one of {@link whyDeadlocked}. */
export function isDeadlock(because: string): boolean {
  return because.startsWith(DEADLOCK);
}

/**
 * Returns why a run that waits in its lane would wait for ever, in words that name who waits for whom: all slots of the lane are
 * held by runs that wait for their children, which wait in other lanes, and in the end for this run. Undefined where somebody may
 * go on. `all`: those of the lanes in which children wait that are let on by nothing but an end, not by an operator.
 */
export function whyDeadlocked(workflowId: string, all: readonly Standing[]): string | undefined {
  const stuck = stuckIn(all);
  const own = stuck.find((run) => run.workflowId === workflowId);
  const circle = own && circleFrom(own, { all, stuck });
  return circle && `${DEADLOCK}${inWords(circle)}`;
}

/**
 * Returns the workflow ids of the runs that have to wait for nothing but their children for {@link whyDeadlocked} to hold: who wants
 * to rely on it asks for them first. None where it is undefined.
 */
export function awaitingIf(workflowId: string, all: readonly Standing[]): readonly string[] {
  if (whyDeadlocked(workflowId, all) === undefined) return [];
  return [...new Set(stuckIn(all).flatMap(({ within }) => within))];
}

/** Returns those that wait and that nobody lets on any more, unless one of them gives up. */
function stuckIn(all: readonly Standing[]): readonly Standing[] {
  const holders = holdersByLane(all);
  let stuck = all.filter(({ state }) => state === 'waits');
  for (;;) {
    const held = new Set(stuck.flatMap(({ within }) => within));
    const left = stuck.filter(({ lane }) => {
      const there = holders.get(lane) ?? [];
      return there.length > 0 && there.every(({ workflowId, ends }) => held.has(workflowId) && !ends);
    });
    if (left.length === stuck.length) return left;
    stuck = left;
  }
}

/** Returns the shortest way from a run back to itself, by who waits for whom; undefined if it only waits behind others that are stuck. */
function circleFrom(
  own: Standing,
  { all, stuck }: { readonly all: readonly Standing[]; readonly stuck: readonly Standing[] },
): readonly Link[] | undefined {
  const holders = holdersByLane(all);
  const seen = new Set([own.workflowId]);
  for (let ways: readonly (readonly [Standing, readonly Link[]])[] = [[own, []]]; ways.length > 0; ) {
    const next: [Standing, readonly Link[]][] = [];
    for (const [waits, way] of ways)
      for (const holder of holders.get(waits.lane) ?? []) {
        const links = [...way, { waits, holder }];
        if (own.within.includes(holder.workflowId)) return links;
        for (const child of stuck) {
          if (!child.within.includes(holder.workflowId) || seen.has(child.workflowId)) continue;
          seen.add(child.workflowId);
          next.push([child, links]);
        }
      }
    ways = next;
  }
  return undefined;
}

function holdersByLane(all: readonly Standing[]): ReadonlyMap<string, readonly Standing[]> {
  const holders = new Map<string, Standing[]>();
  for (const run of all) {
    if (run.state !== 'runs' || run.isPart) continue;
    const there = holders.get(run.lane);
    if (there) there.push(run);
    else holders.set(run.lane, [run]);
  }
  return holders;
}

function inWords(circle: readonly Link[]): string {
  const shown = circle.slice(0, MAX_NAMED).map(({ waits, holder }, index) => {
    const who = index === 0 ? 'this run' : `${waits.workflowId}, which is part of that,`;
    return `${who} waits in the lane ${waits.title} for ${holder.workflowId}`;
  });
  const left = circle.length - shown.length;
  const way = left > 0 ? [...shown, `and so on over ${left} more`] : shown;
  return `${way.join('; ')}; and this run is part of that. Have both take the lanes in one order, or put them in one lane`;
}
