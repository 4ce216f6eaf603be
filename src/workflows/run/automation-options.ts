import type { Concurrency } from '../../lanes/concurrency.js';
import { isJobName } from '../../runs/status-context.js';
import { readConcurrency } from '../../triggers/concurrency.js';
import { listOf, readOptions, TriggerError } from '../../triggers/options.js';
import type { DeliveryTrigger, InternalTrigger, Trigger } from '../../triggers/trigger.js';

/** When an automation runs. */
export interface AutomationOptions<T extends Trigger> {
  /** What starts it: one trigger, or several of which the first that agrees wins. */
  readonly on: T | readonly T[];
  /**
   * Names of its jobs whose commit statuses a merge waits for. Where a filter keeps the automation from running on a
   * pull request, they are reported as skipped, so that the merge does not wait for ever.
   */
  readonly checks?: readonly string[];
  /**
   * How many of its runs there are at once, and what becomes of the others: one lane, or several of which the first counts that
   * has all its fields in the event. Absent: as many as there are events.
   */
  readonly concurrency?: Concurrency | readonly Concurrency[];
  /**
   * What ends a run that is open: the next such event about the same pull request, else the same branch, else the same repository.
   * The run is cancelled, with that as its reason; what it has begun ends in order.
   */
  readonly endOn?: DeliveryTrigger | readonly DeliveryTrigger[];
}

/** Returns the options as the loader and the run need them. Throws {@link TriggerError}. */
export function readAutomationOptions<T extends Trigger>(
  options: AutomationOptions<T>,
): {
  on: readonly T[];
  checks: readonly string[];
  concurrency: readonly Concurrency[] | undefined;
  endOn: readonly DeliveryTrigger[] | undefined;
} {
  const {
    on,
    checks = [],
    concurrency,
    endOn,
  } = readOptions<AutomationOptions<T>>('automation', options, {
    on: triggers,
    checks: jobNames,
    // Has errors of its own, which name what is in it.
    concurrency: () => undefined,
    endOn: deliveryTriggers,
  });
  if (on === undefined) throw new TriggerError('automation(): "on" is missing; give it push(), tag() or pullRequest()');
  const list = asList(on);
  if (list.filter(({ kind }) => kind === 'manual').length > 1)
    throw new TriggerError('automation(): one manual() is enough: which of two sets of inputs would be meant?');
  return {
    ...{ on: list, checks, concurrency: concurrency && readConcurrency(concurrency) },
    endOn: endOn && asList(endOn),
  };
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

function jobNames(value: unknown): string | undefined {
  return listOf()(value) ?? ((value as string[]).every(isJobName) ? undefined : 'a list of job names');
}

function triggers(value: unknown): string | undefined {
  const list = Array.isArray(value) ? value : [value];
  const fine = list.length > 0 && list.every((item) => typeof item === 'object' && item !== null && 'kind' in item);
  return fine ? undefined : 'a trigger, such as push(), or a list of triggers';
}

function deliveryTriggers(value: unknown): string | undefined {
  const wrong = triggers(value);
  if (wrong) return wrong;
  const internal = asList(value as Trigger | readonly Trigger[]).some(({ kind }) => INTERNAL.includes(kind));
  return internal ? 'a trigger that a delivery fires, such as pullRequest(), or a list of such' : undefined;
}

const INTERNAL: readonly string[] = ['schedule', 'manual', 'chained'] satisfies InternalTrigger['kind'][];
