import { CancellationScope, condition, isCancellation, patched } from '@temporalio/workflow';
import { describe } from '../../events/describe.js';
import type { HookyardEvent } from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import type { Trigger } from '../../triggers/trigger.js';
import { type About, aboutOf, type Place } from '../../waits/about.js';
import { titleOf } from '../../waits/title.js';
import { store } from './activities.js';
import { reasonOf } from './failure.js';
import { passGate } from './gate.js';
import type { GateAnswer } from './gate-answer.js';
import type { Given } from './heard-events.js';
import { areWaitsOpen, nextGiven } from './open-wait.js';
import { type ProgressStep, progress } from './progress.js';
import { newerHead } from './pull-request-now.js';
import { tellRest } from './told-attributes.js';

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

const KEEPS_OWN_STATES = 'keep-own-states';

/** Of waits that are open. Module state: the workflow sandbox gives each run its own. */
const steps = new Set<ProgressStep>();

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
async function admit({ on, ends }: Awaited, { event, asks }: Given): Promise<GateAnswer<HookyardEvent>> {
  const { approval, skipMarker, ...others } = asks;
  try {
    // To end runs no code, so that needs nobody's approval, and no marker in a commit's message holds it up.
    const admission = await passGate(event, { on, checks: [], how: { asks: ends ? others : asks }, begun: true });
    // Of what is our own, of which only the author was not told, nothing was approved that could be out of date.
    const isOwn = asks.author !== undefined && patched(KEEPS_OWN_STATES);
    const approved = admission.admitted && approval && !ends && !isOwn ? admission.event : undefined;
    const newer = approved?.kind === 'pull_request' ? await newerHead(approved) : undefined;
    return newer === undefined ? admission : { admitted: false, because: newer, filtered: false };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { admitted: false, because: reasonOf(error), filtered: false };
  }
}

/** Returns what `work` does, or undefined, and cancels it, when the time is up. */
async function withinTime<T>(until: number, work: () => Promise<T>): Promise<T | undefined> {
  const scope = new CancellationScope();
  let isOver = false;
  const timer = new CancellationScope();
  const running = scope.run(work);
  const time = timer
    .run(async () => {
      await (Number.isFinite(until) ? condition(never, Math.max(1, until - Date.now())) : condition(never));
    })
    .then(
      () => {
        isOver = true;
        scope.cancel();
        // It may have waited for an approval.
        tellRest('fork');
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

function never(): boolean {
  return false;
}

/** Ends what the run waits for still; undefined if it has waited for nothing. */
export function endWaits(): Promise<void> | undefined {
  if (!areWaitsOpen()) return undefined;
  for (const step of steps) step.end('cancelled', 'the run ended first');
  return CancellationScope.nonCancellable(() => store.closeWaits({}));
}
