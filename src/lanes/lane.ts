import type { OnBusy } from './concurrency.js';
import { type Arrival, type Happened, hasHappenedBefore, isOlder } from './happened.js';

/**
 * What a lane decides. Pure, and the same for every store: a store locks the lane, reads it, carries out what is decided here,
 * and unlocks it.
 *
 *   enters ──▶ waits ──▶ runs ──▶ leaves
 *     │          │  ▲      │
 *     │          │  └── steps aside, while it waits for a person
 *     ▼          ▼
 *   refused   superseded
 */

/** A lane, as a store keeps it. */
export interface Lane {
  /** Nothing that waits is let on. */
  readonly paused: boolean;
  /** Nothing more may enter; what waits is let on. */
  readonly drained: boolean;
  /** Why, as whoever did that says. */
  readonly reason?: string | undefined;
  /** The newest that was let on, by {@link comparable} name. */
  readonly newest: Readonly<Record<string, Newest>>;
  /** All that wait, run, or have stepped aside, in any order. */
  readonly entries: readonly LaneEntry[];
}

/** A run that was let on. */
export interface Newest extends Arrival {
  readonly workflowId: string;
}

/** A run in a lane. */
export interface LaneEntry {
  readonly workflowId: string;
  readonly state: 'waits' | 'runs' | 'aside';
  readonly automation: string;
  /** Of its event. */
  readonly kind: string;
  /** Counts up in the order in which runs have entered. */
  readonly arrived: number;
  /** Its place among those of its priority: `arrived`, unless somebody has moved it. */
  readonly place: number;
  readonly priority: number;
  readonly limit: number;
  readonly onBusy: OnBusy;
  readonly skipOutdated: boolean;
  readonly happened?: Happened | undefined;
  /** It runs, and was told to end for the sake of this run. */
  readonly endsFor?: string | undefined;
}

/** One thing for a store to carry out. */
export type LaneStep =
  /** The run begins, or goes on. */
  | { readonly kind: 'let-on'; readonly workflowId: string }
  | { readonly kind: 'wait'; readonly workflowId: string }
  /** It waits, and never begins. */
  | { readonly kind: 'supersede'; readonly workflowId: string; readonly by: string }
  /** It runs, or has stepped aside, and is told to end. */
  | { readonly kind: 'end'; readonly workflowId: string; readonly by: string }
  /** It never begins. `because` says why, in words. */
  | { readonly kind: 'refuse'; readonly workflowId: string; readonly because: string };

/** Returns the name under which it is kept what becomes of a lane that nobody was in yet: only its title is known. */
export function laneAhead(title: string): string {
  return `${AHEAD}${title}`;
}

/** Returns whether a name is one of {@link laneAhead}. */
export function isAhead(lane: string): boolean {
  return lane.startsWith(AHEAD);
}

/** Other names are JSON. */
const AHEAD = 'ahead ';

/** Runs that may wait in one lane. */
export const MAX_WAITING = 100;

/** Runs that may have stepped aside in one lane, or find out first whether they may enter it. */
export const MAX_ASIDE = 1_000;
/** How it is told that so many wait. */
export const FULL = 'runs wait in the lane already';

/** Returns what happens when a run enters. It is not among the lane's entries yet; its state is `waits`. */
export function enter(lane: Lane, entry: LaneEntry): readonly LaneStep[] {
  if (lane.drained) return [refusal(entry, drainedWords(lane))];
  const { onBusy, workflowId } = entry;
  const isFree = hasRoom(lane, entry);
  if (onBusy === 'reject' && !isFree) return [refusal(entry, busyWords(lane))];
  const last = lane.newest[comparable(entry)];
  if (isFree && entry.skipOutdated && last !== undefined && hasHappenedBefore(entry, last))
    return [{ kind: 'supersede', workflowId, by: last.workflowId }];
  const steps = takePlace(lane, entry);
  if (isFree) return steps.map((step) => (step.kind === 'wait' ? { kind: 'let-on', workflowId } : step));
  const left = waiting(lane).length - steps.filter(({ kind }) => kind === 'supersede').length;
  return left < MAX_WAITING ? steps : [refusal(entry, `${MAX_WAITING} ${FULL}`)];
}

/** Returns why a run may not enter a lane that has things to find out first; undefined if it may. As for {@link enter}. */
export function whyKeptOut(lane: Lane): string | undefined {
  if (lane.drained) return drainedWords(lane);
  return canStepAside(lane)
    ? undefined
    : `${MAX_ASIDE} runs have things to find out, or wait for people, in the lane already`;
}

/** Returns whether one more may give up its slot and keep its place. */
export function canStepAside({ entries }: Lane): boolean {
  return entries.filter(({ state }) => state === 'aside').length < MAX_ASIDE;
}

function drainedWords({ reason }: Lane): string {
  return `the lane takes no more runs: it is being drained${reason === undefined ? '' : ` (${reason})`}`;
}

/**
 * Returns what happens when a run asks for a slot that has kept its place only. It is not among the lane's entries; its state is
 * `waits`. `isFirst`: it has had none so far.
 */
export function comeBack(lane: Lane, entry: LaneEntry, { isFirst }: { isFirst: boolean }): readonly LaneStep[] {
  if (isFirst && entry.onBusy === 'reject' && !hasRoom(lane, entry)) return [refusal(entry, busyWords(lane))];
  return takePlace(lane, entry);
}

function hasRoom({ paused, entries }: Lane, { limit }: LaneEntry): boolean {
  const isAwaited = entries.some(({ state }) => state === 'waits');
  return !paused && !isAwaited && entries.filter(({ state }) => state === 'runs').length < limit;
}

/** The run waits, in the place of those that are older, or never begins, since there is one that is newer. */
function takePlace(lane: Lane, entry: LaneEntry): readonly LaneStep[] {
  const { paused, entries } = lane;
  const { workflowId, onBusy } = entry;
  const wait: LaneStep = { kind: 'wait', workflowId };
  if (onBusy === 'queue' || onBusy === 'reject') return [wait];
  const others = entries.filter((other) => comparable(other) === comparable(entry));
  // What runs already is in nobody's way that comes back, but with cancel-running; what is told late does not begin after it.
  const isReplaced = (other: LaneEntry) =>
    other.state === 'waits' ||
    (other.state === 'runs' && (other.arrived < entry.arrived ? !hasRoom(lane, entry) : onBusy === 'cancel-running'));
  const newer = others.filter((other) => isReplaced(other) && isOlder(entry, other));
  const newest = newer.reduce((a, b) => (a && a.arrived > b.arrived ? a : b), newer[0]);
  if (newest) return [{ kind: 'supersede', workflowId, by: newest.workflowId }];
  const older = others.filter(({ state }) => state === 'waits');
  // Where there is room nobody has to make some; in a lane that is paused it would be for nobody.
  const isInTheWay = (other: LaneEntry) => other.state === 'aside' || (other.state === 'runs' && !hasRoom(lane, entry));
  const ended =
    onBusy === 'cancel-running' && !paused
      ? others.filter((other) => isInTheWay(other) && other.arrived < entry.arrived && other.endsFor === undefined)
      : [];
  return [
    ...older.map((other): LaneStep => ({ kind: 'supersede', workflowId: other.workflowId, by: workflowId })),
    wait,
    ...ended.map((other): LaneStep => ({ kind: 'end', workflowId: other.workflowId, by: workflowId })),
  ];
}

/** Returns which of those that wait begin, and which never will, now that there may be room. */
export function letOn(lane: Lane): readonly LaneStep[] {
  if (lane.paused) return [];
  const steps: LaneStep[] = [];
  const newest = { ...lane.newest };
  let running = lane.entries.filter(({ state }) => state === 'runs').length;
  for (const entry of waiting(lane)) {
    if (running >= entry.limit) break;
    const last = newest[comparable(entry)];
    if (entry.skipOutdated && last !== undefined && isOlder(entry, last)) {
      steps.push({ kind: 'supersede', workflowId: entry.workflowId, by: last.workflowId });
      continue;
    }
    steps.push({ kind: 'let-on', workflowId: entry.workflowId });
    if (last === undefined || isOlder(last, entry)) newest[comparable(entry)] = entry;
    running += 1;
  }
  return steps;
}

/** Returns those that wait, the next first. */
export function waiting({ entries }: Pick<Lane, 'entries'>): LaneEntry[] {
  return entries.filter(({ state }) => state === 'waits').sort((a, b) => a.priority - b.priority || a.place - b.place);
}

/** Returns a name that two entries share if one of them may supersede the other: of one automation, for events of one kind. */
export function comparable({ automation, kind }: Pick<LaneEntry, 'automation' | 'kind'>): string {
  return `${automation} ${kind}`;
}

function refusal({ workflowId }: LaneEntry, because: string): LaneStep {
  return { kind: 'refuse', workflowId, because };
}

function busyWords({ paused, reason, entries }: Lane): string {
  const first = entries.find(({ state }) => state === 'runs');
  if (first === undefined)
    return paused ? `the lane is paused${reason === undefined ? '' : `: ${reason}`}` : 'others wait for the lane';
  return `${first.workflowId} runs in the lane`;
}
