import { CancellationScope, condition, defineSignal, isCancellation, setHandler } from '@temporalio/workflow';
import type { EndedWait, FreeWaitInput, OpenWaitInput } from '../../activities/contract/index.js';
import { describe } from '../../events/describe.js';
import type { HookyardEvent } from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import { WAIT_SIGNAL, type WaitSignal } from '../../runs/names.js';
import { plainWithin } from '../../runs/page.js';
import type { Trigger } from '../../triggers/trigger.js';
import { type About, aboutOf, type Place } from '../../waits/about.js';
import { titleOf } from '../../waits/title.js';
import { provider, store } from './activities.js';
import { reasonOf } from './failure.js';
import { type Admission, passGate } from './gate.js';
import { type ProgressStep, progress } from './progress.js';
import { offTheClock } from './time-limit.js';
import { tellWaiting } from './told-attributes.js';

/** What a run waits for. */
export interface Awaited extends Place {
  readonly on: readonly Trigger[];
  /** The event whose pull request, branch or repository is meant, and after which events count. */
  readonly of: HookyardEvent;
  /** What of it, where that is not {@link aboutOf} it. */
  readonly about?: About;
  /** Its event ends the run. */
  readonly ends?: true;
}

/** In bytes: Temporal's limit. */
const MAX_SUMMARY = 200;

type Given = NonNullable<EndedWait['given']>;

/** Module state: the workflow sandbox gives each run its own. */
const heard = new Map<string, Given>();
/** Waits that have ended: what is told of one later is known already. */
const ended = new Set<string>();
/** By what was waited for, the last event that came. */
const last = new Map<string, HookyardEvent>();
/** Of waits that are open. */
const steps = new Set<ProgressStep>();
let opened = 0;
let open = 0;
let isHearing = false;
/** Unix ms. */
let countsFrom = Number.NEGATIVE_INFINITY;

/** Has only what was received after a time count, ISO 8601, if there is one: somebody asked then for the run once more. */
export function countFrom(time: string | undefined): void {
  if (time !== undefined) countsFrom = Date.parse(time);
}

/**
 * Returns the next event that matches, once its preconditions hold; undefined when the time is up, which is never without a time. One whose preconditions do not
 * hold is passed over, as it starts no run. `begun`: called once it has to be waited for, since none has come yet.
 */
export async function nextEvent(
  awaited: Awaited,
  withinMs: number | undefined,
  begun: () => void = () => undefined,
): Promise<HookyardEvent | undefined> {
  const about = awaited.about ?? aboutOf(awaited.of);
  const title = titleOf(awaited.on, about, awaited.of);
  const until = withinMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + withinMs;
  const step = awaited.ends ? undefined : progress.step(`Wait for ${title}`);
  if (step) steps.add(step);
  try {
    for (let passedOver = ''; ; ) {
      step?.end('running', `until ${new Date(until).toISOString().slice(0, 16)}${passedOver}`);
      const given = Date.now() < until ? await nextGiven({ ...awaited, about, title, begun }, until) : undefined;
      const admission = given && (await withinTime(until, () => admit(awaited, given)));
      if (admission === undefined) {
        step?.end('passed', 'nothing came in time');
        return undefined;
      }
      if (admission.admitted) {
        step?.end('passed', plain(describe(admission.event)));
        return admission.event;
      }
      passedOver = `; passed over: ${plain(admission.because)}`;
    }
  } catch (error) {
    endStep(step, error);
    throw error;
  } finally {
    if (step) steps.delete(step);
  }
}

function endStep(step: ProgressStep | undefined, error: unknown): void {
  if (isCancellation(error)) step?.end('cancelled');
  else step?.fail(reasonOf(error));
}

/** Decides whether an event is handed over. What can't be found out keeps it out, and the run goes on waiting. */
async function admit({ on, ends }: Awaited, { event, asks }: Given): Promise<Admission<HookyardEvent>> {
  const { approval, skipMarker, ...others } = asks;
  try {
    // To end runs no code, so that needs nobody's approval, and no marker in a commit's message holds it up.
    const admission = await passGate(event, { on, checks: [], how: { asks: ends ? others : asks }, begun: true });
    const newer = admission.admitted && approval && !ends ? await newerHead(admission.event) : undefined;
    return newer === undefined ? admission : { admitted: false, because: newer, filtered: false };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { admitted: false, because: reasonOf(error), filtered: false };
  }
}

/**
 * Returns why an approval does not count: whoever gave it may have read what was pushed since, of which this run has not been told
 * yet.
 */
async function newerHead(event: HookyardEvent): Promise<string | undefined> {
  if (event.kind !== 'pull_request') return undefined;
  const { source, repository, pullRequest, commit } = event;
  const { head } = await provider.readPullRequest({
    source,
    repository: repository.fullName,
    number: pullRequest.number,
  });
  if (head.sha.startsWith(commit.sha) || commit.sha.startsWith(head.sha)) return undefined;
  return `${head.sha.slice(0, 12)} has been pushed since: that is what has to be approved`;
}

/** Returns what `work` does, or undefined, and cancels it, when the time is up. */
async function withinTime<T>(until: number, work: () => Promise<T>): Promise<T | undefined> {
  const scope = new CancellationScope();
  let isOver = false;
  const timer = new CancellationScope();
  const running = scope.run(work);
  const time = timer
    .run(() => untilTrue(() => false, until))
    .then(
      () => {
        isOver = true;
        scope.cancel();
        // It may have waited for an approval.
        tellWaiting(undefined);
      },
      () => undefined,
    );
  try {
    return await running;
  } catch (error) {
    if (isOver && isCancellation(error)) return undefined;
    throw error;
  } finally {
    timer.cancel();
    await time;
  }
}

async function nextGiven(
  { source, repository, on, of, about, title, ends, begun }: Awaited & { about: About; title: string; begun(): void },
  until: number,
): Promise<Given | undefined> {
  hear();
  const name = JSON.stringify([source, repository, about, on, ends]);
  const before = last.get(name);
  const input: OpenWaitInput = {
    ...{ number: ++opened, title, source, repository, about, on },
    ...(Number.isFinite(until) && { withinMs: left(until) }),
    ...(ends && { ends }),
    ...afterWhat({ of, before, ends }),
  };
  const { number } = input;
  const how = { summary: plainWithin(title, MAX_SUMMARY) };
  const { id, given: atOnce } = await freedIfCancelled({ number }, () =>
    store.openWait.executeWithOptions(how, [input]),
  );
  const early = atOnce ?? heard.get(id);
  if (!early) begun();
  const wait = () => freedIfCancelled({ number, id }, () => waitFor(id, { source, repository }, { until, ends }));
  // What ends the run is watched for while it works.
  const given = early ?? (await (ends ? wait() : offTheClock(wait)));
  ended.add(id);
  heard.delete(id);
  if (given) last.set(name, given.event);
  return given;
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

async function waitFor(
  id: string,
  place: Place,
  { until, ends }: { until: number; ends: true | undefined },
): Promise<Given | undefined> {
  // What ends the run is no reason why it does not go on.
  const counts = ends ? 0 : 1;
  open += counts;
  if (counts > 0 && open === 1) tellWaiting('event');
  try {
    await untilTrue(() => heard.has(id), until);
    const found = heard.get(id);
    if (found) return found;
    return (await store.closeWait({ id, last: place })).given ?? heard.get(id);
  } catch (error) {
    ended.add(id);
    throw error;
  } finally {
    open -= counts;
    if (counts > 0 && open === 0) tellWaiting(undefined);
  }
}

async function untilTrue(isTrue: () => boolean, until: number): Promise<void> {
  await (Number.isFinite(until) ? condition(isTrue, left(until)) : condition(isTrue));
}

/** In milliseconds. */
function left(until: number): number {
  return Math.max(1, until - Date.now());
}

/** What came while nobody listened is told once somebody does. */
function hear(): void {
  if (isHearing) return;
  isHearing = true;
  setHandler(defineSignal<[WaitSignal]>(WAIT_SIGNAL), ({ wait, event, asks }) => {
    if (!ended.has(wait)) heard.set(wait, { event, asks });
  });
}

/** Ends what the run waits for still; undefined if it has waited for nothing. */
export function endWaits(): Promise<void> | undefined {
  if (opened === ended.size) return undefined;
  for (const step of steps) step.end('cancelled', 'the run ended first');
  return CancellationScope.nonCancellable(() => store.closeWaits({}));
}
