import { CancellationScope, isCancellation, log, metricMeter, workflowInfo } from '@temporalio/workflow';
import { repositoryOf } from '../../events/accessors.js';
import type { HookyardEvent, RunOutcome } from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import type { RunOptions } from '../../runs/options.js';
import { listOf, readOptions, TriggerError } from '../../triggers/options.js';
import type { Trigger, TriggeredEvent } from '../../triggers/trigger.js';
import { startChained } from './chain.js';
import { reportChecks } from './checks.js';
import { asFailure, reasonOf } from './failure.js';
import { passGate } from './gate.js';
import { type RunResult, story } from './progress.js';
import { type Delivered, withRaw } from './raw.js';
import { timely } from './schedule.js';

/** Where the loader finds an automation's triggers. Registered globally: loader and author may import two copies. */
export const AUTOMATION = Symbol.for('hookyard.automation');

export interface AutomationOptions<T extends Trigger> {
  /** What starts it: one trigger, or several of which the first that agrees wins. */
  readonly on: T | readonly T[];
  /**
   * Names of its jobs whose commit statuses a merge waits for. Where a filter keeps the automation from running on a
   * pull request, they are reported as skipped, so that the merge does not wait for ever.
   */
  readonly checks?: readonly string[];
}

/** A workflow, with its triggers beside it. Its name is the name that the module exports it under. */
export interface AutomationFunction<T extends Trigger = Trigger> {
  (event: TriggeredEvent<T>, how?: RunOptions): Promise<RunResult>;
  readonly [AUTOMATION]: { readonly on: readonly T[]; readonly checks?: readonly string[] };
}

/**
 * Defines an automation: data that says when, and a Temporal workflow that says what. The type of the event follows
 * from `on`. An error that the function throws fails the run, as does an activity that fails for good.
 *
 * Throws {@link TriggerError} on an unknown option, while the module is loaded.
 */
export function automation<T extends Trigger>(
  options: AutomationOptions<T>,
  fn: (event: Delivered<TriggeredEvent<T>>) => Promise<unknown>,
): AutomationFunction<T> {
  const { on, checks = [] } = readAutomation(options);
  if (typeof fn !== 'function') throw new TriggerError('automation() takes a function as its second argument');
  const run = async (given: TriggeredEvent<T>, how?: RunOptions): Promise<RunResult> => {
    story.tell();
    const event = timely(given as HookyardEvent);
    // What is still on its way is part of the run, also of one that was cancelled.
    const settle = () => CancellationScope.nonCancellable(() => story.settled());
    // Nothing is awaited that is not there: Temporal makes a stack trace of each promise, and a short run is full of them.
    const tell = (how: { outcome: RunOutcome; because?: string }) => {
      log.info('run', { ...runKeys(event), ...how });
      const { outcome } = how;
      metricMeter.createCounter('hookyard_runs').add(1, { automation: workflowInfo().workflowType, outcome });
    };
    const end = async (outcome: RunOutcome) => {
      if (story.isUnderWay()) await settle();
      const chained = startChained(event, outcome);
      if (chained) await chained;
    };
    let admitted = false;
    const scope = new CancellationScope();
    try {
      const admission = await scope.run(async () => {
        const passed = await passGate(event, { on, checks, how });
        if (!passed.admitted) return passed;
        admitted = true;
        await fn(withRaw(passed.event) as Delivered<TriggeredEvent<T>>);
        return passed;
      });
      if (!admission.admitted) {
        story.begin('Skipped').end('passed', plain(admission.because));
        const { because, filtered } = admission;
        if (filtered) reportChecks(event, checks, { state: 'skipped', description: `skipped: ${because}` });
        await end('skipped');
        tell({ outcome: 'skipped', because });
        return { ...story.result(), outcome: 'skipped', because, filtered };
      }
    } catch (error) {
      // What else is under way has nobody to go on for; each part still tells how it ended.
      scope.cancel();
      const outcome = isCancellation(error) ? 'cancelled' : 'error';
      // What ran tells by itself how it ended.
      if (!admitted)
        CancellationScope.nonCancellable(async () =>
          reportChecks(event, checks, { state: 'error', description: outcome === 'error' ? reasonOf(error) : outcome }),
        );
      await end(outcome);
      tell(outcome === 'cancelled' ? { outcome } : { outcome, because: reasonOf(error) });
      throw asFailure(error);
    }
    if (story.isUnderWay()) await settle();
    const { outcome } = story.result();
    await end(outcome);
    tell({ outcome });
    return { ...story.result(), outcome };
  };
  return Object.assign(run, { [AUTOMATION]: { on, ...(checks.length > 0 && { checks }) } });
}

/** The keys of a run's one log line, the same as in a delivery's. */
function runKeys(event: HookyardEvent): Record<string, unknown> {
  const { source, deliveryId: delivery } = event;
  return {
    automation: workflowInfo().workflowType,
    source,
    delivery,
    repository: repositoryOf(event)?.fullName,
    event: event.kind,
  };
}

function readAutomation<T extends Trigger>(
  options: AutomationOptions<T>,
): { on: readonly T[]; checks?: readonly string[] } {
  const { on, checks } = readOptions<AutomationOptions<T>>('automation', options, {
    on: aTriggerOrSeveral,
    checks: jobNames,
  });
  if (on === undefined) throw new TriggerError('automation(): "on" is missing; give it push(), tag() or pullRequest()');
  const list = Array.isArray(on) ? on : [on as T];
  if (list.filter(({ kind }) => kind === 'manual').length > 1)
    throw new TriggerError('automation(): one manual() is enough: which of two sets of inputs would be meant?');
  return { on: list, ...(checks && { checks }) };
}

function jobNames(value: unknown): string | undefined {
  return (
    listOf()(value) ??
    ((value as string[]).every((name) => /^[\w.-]{1,50}$/.test(name)) ? undefined : "a list of jobs' names")
  );
}

function aTriggerOrSeveral(value: unknown): string | undefined {
  const list = Array.isArray(value) ? value : [value];
  const fine = list.length > 0 && list.every((item) => typeof item === 'object' && item !== null && 'kind' in item);
  return fine ? undefined : 'a trigger, such as push(), or a list of triggers';
}
