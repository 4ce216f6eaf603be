import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { FreeWaitInput, OpenWaitInput } from '../../activities/contract/index.js';
import type { HookyardEvent } from '../../events/event.js';
import { plainWithin } from '../../runs/page.js';
import type { Trigger } from '../../triggers/trigger.js';
import type { About, Place } from '../../waits/about.js';
import { store } from './activities.js';
import { endedWaits, type Given, heardOf, hearEvents, hearNoMore } from './heard-events.js';
import { offTheClock } from './time-limit.js';
import { tellWaited, tellWaiting } from './told-attributes.js';

/** A wait to be opened. */
export interface Opening extends Place {
  readonly on: readonly Trigger[];
  /** After which event others count. */
  readonly of: HookyardEvent;
  readonly about: About;
  /** In words. */
  readonly title: string;
  /** Its event ends the run. */
  readonly ends?: true | undefined;
  /** The run does other things meanwhile, and does not count as waiting. */
  readonly aside?: true | undefined;
  /** Called once the event has to be waited for, since none has come yet. */
  begun(): void;
}

/** In bytes: Temporal's limit. */
const MAX_SUMMARY = 200;

/** Module state: the workflow sandbox gives each run its own. By what was waited for, the last event that came. */
const last = new Map<string, HookyardEvent>();
/** The ids of the waits that are under way, by their number; undefined until one is known. */
const underWay = new Map<number, string | undefined>();
let isOver = false;
let opened = 0;
let open = 0;
/** Unix ms. */
let countsFrom = Number.NEGATIVE_INFINITY;

/** Has only what was received after a time count, ISO 8601, if there is one: somebody asked then for the run once more. */
export function countFrom(time: string | undefined): void {
  if (time !== undefined) countsFrom = Date.parse(time);
}

/** Returns the next event that a wait is given until a time (Unix ms); undefined when that is up. */
export async function nextGiven(opening: Opening, until: number): Promise<Given | undefined> {
  const number = ++opened;
  underWay.set(number, undefined);
  try {
    const given = await awaitGiven(opening, { number, until });
    if (isOver) await condition(() => false);
    return given;
  } finally {
    underWay.delete(number);
  }
}

async function awaitGiven(
  opening: Opening,
  { number, until }: { readonly number: number; readonly until: number },
): Promise<Given | undefined> {
  hearEvents();
  const { source, repository, on, of, about, title, ends, aside = ends, begun } = opening;
  const name = JSON.stringify([source, repository, about, on, ends]);
  const before = last.get(name);
  const input: OpenWaitInput = {
    ...{ number, title, source, repository, about, on },
    ...(Number.isFinite(until) && { withinMs: left(until) }),
    ...(ends && { ends }),
    ...afterWhat({ of, before, ends }),
  };
  const how = { summary: plainWithin(title, MAX_SUMMARY) };
  const { id, given: atOnce } = await freedIfCancelled({ number }, () =>
    store.openWait.executeWithOptions(how, [input]),
  );
  underWay.set(number, id);
  const early = atOnce ?? heardOf(id);
  if (!early) begun();
  const wait = () => freedIfCancelled({ number, id }, () => untilGiven(id, { source, repository }, { until, aside }));
  // What ends the run is watched for while it works, as what is waited for aside.
  const given = early ?? (await (aside ? wait() : offTheClock(wait)));
  hearNoMore(id);
  if (given) last.set(name, given.event);
  return given;
}

/** Returns whether waits are open: those that nobody awaits, for example. */
export function areWaitsOpen(): boolean {
  return opened !== endedWaits();
}

/** Ends the waits that are under way, and hands back what they were given: it is for the next part of the run. */
export async function handBackWaits(): Promise<void> {
  isOver = true;
  await condition(() => [...underWay.values()].every((id) => id !== undefined));
  const waits = [...underWay].map(([number, id]) => ({ number, id }));
  for (const { id } of waits) if (id !== undefined) hearNoMore(id);
  await Promise.all(waits.map((wait) => store.freeWait(wait)));
}

/** Returns from where on events count. */
function afterWhat({
  of,
  before,
  ends,
}: {
  of: HookyardEvent;
  before: HookyardEvent | undefined;
  ends: true | undefined;
}): Pick<OpenWaitInput, 'after' | 'newerThan'> {
  const isAgain = Date.parse(of.receivedAt) < countsFrom;
  const newerThan = ends && !isAgain ? stateOf(of) : undefined;
  const last = before ?? (isAgain ? { deliveryId: '', receivedAt: new Date(countsFrom).toISOString() } : of);
  const { deliveryId, receivedAt } = last;
  return { after: { deliveryId, receivedAt, ...(before && { inclusive: true }) }, ...(newerThan && { newerThan }) };
}

/** Returns the state of a pull request that an event tells of. Deliveries may come in any order; the provider says which is newer. */
function stateOf(of: HookyardEvent): OpenWaitInput['newerThan'] {
  if (of.kind !== 'pull_request' || of.pullRequest.updatedAt === undefined) return undefined;
  return { changedAt: of.pullRequest.updatedAt, receivedAt: of.receivedAt };
}

/** What a wait has been given that is cancelled, the run's next may get. */
async function freedIfCancelled<T>(wait: FreeWaitInput, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => store.freeWait(wait));
    throw error;
  }
}

async function untilGiven(
  id: string,
  place: Place,
  { until, aside }: { until: number; aside: true | undefined },
): Promise<Given | undefined> {
  // What is waited for aside is no reason why the run does not go on.
  const counts = aside ? 0 : 1;
  open += counts;
  if (counts > 0 && open === 1) tellWaiting('event');
  try {
    const isHeard = () => heardOf(id) !== undefined;
    await (Number.isFinite(until) ? condition(isHeard, left(until)) : condition(isHeard));
    return heardOf(id) ?? (await store.closeWait({ id, last: place })).given ?? heardOf(id);
  } catch (error) {
    hearNoMore(id);
    throw error;
  } finally {
    open -= counts;
    if (counts > 0 && open === 0) tellWaited('event');
  }
}

/** In milliseconds. */
function left(until: number): number {
  return Math.max(1, until - Date.now());
}
