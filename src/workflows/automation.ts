import { CancellationScope, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import { repositoryOf } from '../events/about.js';
import type { HookyardEvent } from '../events/event.js';
import { readOptions, TriggerError } from '../events/options.js';
import type { Trigger, TriggeredEvent } from '../events/trigger.js';
import { asFailure, reasonOf } from './failure.js';
import { type RunResult, story } from './story.js';

/** Where the loader finds an automation's triggers. Registered globally: loader and author may import two copies. */
export const AUTOMATION = Symbol.for('hookyard.automation');

export interface AutomationOptions<T extends Trigger> {
  /** What starts it: one trigger, or several of which the first that agrees wins. */
  readonly on: T | readonly T[];
}

/** A workflow, with its triggers beside it. Its name is the name that the module exports it under. */
export interface AutomationFunction<T extends Trigger = Trigger> {
  (event: TriggeredEvent<T>): Promise<RunResult>;
  readonly [AUTOMATION]: { readonly on: readonly T[] };
}

/**
 * Defines an automation: data that says when, and a Temporal workflow that says what. The type of the event follows
 * from `on`. An error that the function throws fails the run, as does an activity that fails for good.
 *
 * Throws {@link TriggerError} on an unknown option, while the module is loaded.
 */
export function automation<T extends Trigger>(
  options: AutomationOptions<T>,
  fn: (event: TriggeredEvent<T>) => Promise<unknown>,
): AutomationFunction<T> {
  const on = triggersOf(options);
  if (typeof fn !== 'function') throw new TriggerError('automation() takes a function as its second argument');
  const run = async (event: TriggeredEvent<T>): Promise<RunResult> => {
    story.tell();
    // What is still on its way is part of the run, also of one that was cancelled.
    const settle = () => CancellationScope.nonCancellable(() => story.settled());
    const tell = (how: Record<string, unknown>) => log.info('run', { ...runKeys(event), ...how });
    const scope = new CancellationScope();
    try {
      await scope.run(() => fn(event));
    } catch (error) {
      // What else is under way has nobody to go on for; each part still tells how it ended.
      scope.cancel();
      await settle();
      tell(isCancellation(error) ? { outcome: 'cancelled' } : { outcome: 'error', because: reasonOf(error) });
      throw asFailure(error);
    }
    await settle();
    const result = story.result();
    tell({ outcome: result.outcome });
    return result;
  };
  return Object.assign(run, { [AUTOMATION]: { on } });
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

function triggersOf<T extends Trigger>(options: AutomationOptions<T>): readonly T[] {
  const { on } = readOptions<AutomationOptions<T>>('automation', options, { on: aTriggerOrSeveral });
  if (on === undefined) throw new TriggerError('automation(): "on" is missing; give it push(), tag() or pullRequest()');
  return Array.isArray(on) ? on : [on as T];
}

function aTriggerOrSeveral(value: unknown): string | undefined {
  const list = Array.isArray(value) ? value : [value];
  const fine = list.length > 0 && list.every((item) => typeof item === 'object' && item !== null && 'kind' in item);
  return fine ? undefined : 'a trigger, such as push(), or a list of triggers';
}
