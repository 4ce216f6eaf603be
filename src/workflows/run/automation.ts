import {
  CancellationScope,
  ContinueAsNew,
  isCancellation,
  log,
  metricMeter,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import { repositoryOf } from '../../events/accessors.js';
import type { HookyardEvent, RunOutcome } from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import type { Concurrency } from '../../lanes/concurrency.js';
import type { Debounce } from '../../lanes/held.js';
import { RUNS } from '../../runs/names.js';
import type { RunOptions } from '../../runs/options.js';
import { AUTOMATION } from '../../triggers/automation.js';
import { refuse, TriggerError } from '../../triggers/options.js';
import type { Trigger, TriggeredEvent } from '../../triggers/trigger.js';
import { type AutomationOptions, readAutomationOptions } from './automation-options.js';
import { buildFailure } from './build-failure.js';
import { whyNeverBuildable } from './buildable.js';
import { cancelledBecause, hearCancelReason, showCancelReason, supersededBy } from './cancel-reason.js';
import { startChained } from './chain.js';
import { watchForEnd } from './end-on.js';
import { asFailure, reasonOf } from './failure.js';
import { keepFromFailed } from './from-failed.js';
import { passGate } from './gate.js';
import { goOn, type Part, takeUp } from './go-on.js';
import { hearLane, leaveLane, waitForSlot } from './lane.js';
import { countFrom } from './open-wait.js';
import { progress, type RunResult } from './progress.js';
import { type Delivered, withRaw } from './raw.js';
import { reportChecks } from './report-checks.js';
import { endOpenStatuses } from './report-status.js';
import { keepRunEvent } from './run-event.js';
import { endTable } from './run-table.js';
import { withScheduledTime } from './scheduled.js';
import { inTime } from './time-limit.js';
import { tellOutcome } from './told-attributes.js';
import { endFollowedUp, followUpQueued } from './told-queued.js';
import { endWaits } from './wait.js';

const GOES_ON = 'go-on-as-one-run';

/** A workflow that carries its triggers. Its name is the one that the module exports it under. */
export interface AutomationFunction<T extends Trigger = Trigger> {
  (event: TriggeredEvent<T>, how?: RunOptions): Promise<RunResult>;
  readonly [AUTOMATION]: {
    readonly on: readonly T[];
    readonly checks?: readonly string[];
    readonly concurrency?: readonly Concurrency[];
    readonly debounce?: Debounce;
    readonly cancelOnClose?: boolean;
  };
}

/**
 * Defines an automation: data that says when, and a Temporal workflow that says what. The type of the event follows
 * from `on`. An error that the function throws fails the run, as does an activity that fails for good.
 *
 * Throws {@link TriggerError} on an unknown option, and where no trigger brings what `runJob` is given, while the module is
 * loaded.
 *
 * @example
 * import { automation, pullRequest, push, runJob } from 'hookyard/workflow';
 *
 * export const ci = automation(
 *   { on: [push({ branches: ['main'] }), pullRequest()], checks: ['test'] },
 *   async (event) => {
 *     await runJob(event, { name: 'test', steps: ['npm ci', 'npm test'], timeout: '20 minutes' });
 *   },
 * );
 */
export function automation<T extends Trigger>(
  options: AutomationOptions<T>,
  fn: (event: Delivered<TriggeredEvent<T>>) => Promise<unknown>,
): AutomationFunction<T> {
  const { on, checks, concurrency, endOn, timeout, debounce, cancelOnClose } = readAutomationOptions(options);
  if (typeof fn !== 'function') refuse(new TriggerError('automation() takes a function as its second argument'));
  const because = whyNeverBuildable(on, fn);
  if (because !== undefined) refuse(new TriggerError(`automation(): runJob() could never run, since ${because}`));
  const run = async (given: TriggeredEvent<T>, how?: RunOptions): Promise<RunResult> => {
    progress.publish();
    hearCancelReason();
    hearLane(how);
    keepFromFailed(how);
    let event = withSuperseded(withScheduledTime(given as HookyardEvent), how);
    let admitted = false;
    if (how?.handedOn) takeUp(how.handedOn);
    const scope = new CancellationScope();
    try {
      const admission = await scope.run(async () => {
        // What was let in once goes on, and has its slot.
        const passed = how?.handedOn
          ? ({ admitted: true, event } as const)
          : await passGate(event, { on, checks, how });
        if (!passed.admitted) return passed;
        event = passed.event;
        const because = how?.handedOn ? undefined : await waitForSlot(event, { on, concurrency, checks, how });
        if (because !== undefined) return { admitted: false, because, filtered: false } as const;
        countFrom(how?.again);
        await watchForEnd(event, endOn);
        admitted = true;
        keepRunEvent(event);
        if (!how?.handedOn) followUpQueued(event, how);
        await inTime(timeout, () => fn(withRaw(event) as Delivered<TriggeredEvent<T>>));
        return passed;
      });
      if (!admission.admitted) {
        progress.step('Skipped').end('passed', plain(admission.because));
        const { because, filtered } = admission;
        if (filtered) reportChecks(event, checks, { state: 'skipped', description: `skipped: ${because}` });
        await end({ event, how }, 'skipped');
        tell(event, { outcome: 'skipped', because });
        tellOutcome('skipped');
        return { ...progress.result(), outcome: 'skipped', because, filtered };
      }
    } catch (thrown) {
      // Runs that an older version started go on without what they were.
      const goesOn = thrown instanceof ContinueAsNew && patched(GOES_ON);
      const error = goesOn ? await goOn(thrown, { event, how }) : thrown;
      if (goesOn && error instanceof ContinueAsNew) throw error;
      // What is under way has no run to go on for; each step still reports how it ended.
      scope.cancel();
      const by = supersededBy();
      const outcome = !isCancellation(error) ? 'error' : by === undefined ? 'cancelled' : 'superseded';
      const because = outcome === 'error' ? reasonOf(error) : cancelledBecause();
      if (outcome !== 'error') showCancelReason();
      // Once the function runs, its jobs report their own checks.
      if (!admitted)
        CancellationScope.nonCancellable(async () =>
          reportChecks(event, checks, { state: 'error', description: because }),
        );
      // A run that is continued as a new one goes on there.
      if (!(error instanceof ContinueAsNew)) endOpenStatuses(because);
      await end({ event, how }, outcome);
      tell(event, { outcome, because });
      if (!(error instanceof ContinueAsNew)) tellOutcome(outcome);
      throw asFailure(error);
    }
    if (progress.isPending()) await drain();
    const { outcome, because } = progress.result();
    endFollowedUp({ outcome, because }, { checks, how });
    endOpenStatuses(`the run ${outcome}, and left this pending`);
    await end({ event, how }, outcome);
    tell(event, { outcome, ...(because !== undefined && { because }) });
    tellOutcome(outcome);
    const result = { ...progress.result(), outcome };
    if (outcome === 'failed' && how?.endsBy === 'outcome') throw buildFailure(result);
    return result;
  };
  return Object.assign(run, {
    [AUTOMATION]: {
      on,
      ...(checks.length > 0 && { checks }),
      ...(concurrency && { concurrency }),
      ...(debounce && { debounce }),
      ...(cancelOnClose !== undefined && { cancelOnClose }),
    },
  });
}

/**
 * Waits for what is still under way, and starts the automations that listen to the end of this run. Awaits nothing that
 * is not there: Temporal makes a stack trace of each promise, and a short run is full of them.
 */
async function end(part: Part, outcome: RunOutcome): Promise<void> {
  if (progress.isPending()) await drain();
  const table = endTable(outcome);
  if (table) await table;
  const chained = startChained(part, outcome);
  if (chained) await chained;
  const ended = endWaits();
  if (ended) await ended;
  leaveLane();
}

/** What is still under way is a part of the run, also of one that was cancelled. */
function drain(): Promise<void> {
  return CancellationScope.nonCancellable(() => progress.drained());
}

/** Returns the event with those that have become one run with it, which only the store knows. */
function withSuperseded(event: HookyardEvent, how: RunOptions | undefined): HookyardEvent {
  return how?.superseded ? { ...event, superseded: how.superseded } : event;
}

/** Counts the run, and writes its one log line, with the keys that a delivery's has. */
function tell(event: HookyardEvent, ended: { outcome: RunOutcome; because?: string }): void {
  const automation = workflowInfo().workflowType;
  log.info('run', {
    automation,
    source: event.source,
    delivery: event.deliveryId,
    repository: repositoryOf(event)?.fullName,
    event: event.kind,
    ...ended,
  });
  metricMeter.createCounter(RUNS).add(1, { automation, outcome: ended.outcome });
}
