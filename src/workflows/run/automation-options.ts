import type { Duration } from '@temporalio/common';
import type { Concurrency } from '../../lanes/concurrency.js';
import type { Debounce } from '../../lanes/held.js';
import { isJobName } from '../../runs/status-context.js';
import { readConcurrency } from '../../triggers/concurrency.js';
import { listOf, readOptions, refuse, TriggerError, wasRefused, yesOrNo } from '../../triggers/options.js';
import type { DeliveryTrigger, InternalTrigger, Trigger } from '../../triggers/trigger.js';
import { whyNeverEnds } from '../../waits/never.js';
import { type DebounceOptions, isTime, readDebounce } from './debounce-options.js';

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
  /**
   * Has events of one lane and kind become one run, that of the newest, which knows all of them (`event.superseded`): it begins
   * once none has come for so long. `'30 seconds'`, or more exactly {@link DebounceOptions}.
   */
  readonly debounce?: Duration | DebounceOptions;
  /**
   * `true`: its runs are cancelled when their pull request is closed, merged or not, or their branch is deleted, those that wait
   * in a lane too. `false`: they go on. Absent: those of pull requests are cancelled. What a closing itself starts always runs.
   */
  readonly cancelOnClose?: boolean;
  /**
   * For how long a run works at most: milliseconds, or words such as `'1 hour'`, up to 365 days. Then what is under way is
   * cancelled, jobs with their processes, and the run fails: its statuses say `timed out after 1 hour`. The time in which it
   * waits for its turn in a lane or for an approval does not count. Absent: as long as it takes.
   */
  readonly timeout?: Duration;
}

/** Returns the options as the loader and the run need them. Throws {@link TriggerError}. */
export function readAutomationOptions<T extends Trigger>(
  options: AutomationOptions<T>,
): {
  on: readonly T[];
  checks: readonly string[];
  concurrency: readonly Concurrency[] | undefined;
  endOn: readonly DeliveryTrigger[] | undefined;
  timeout: Duration | undefined;
  debounce: Debounce | undefined;
  cancelOnClose: boolean | undefined;
} {
  const read = readOptions<AutomationOptions<T>>('automation', options, {
    on: triggers,
    checks: jobNames,
    // Has errors of its own, which name what is in it.
    concurrency: () => undefined,
    endOn: deliveryTriggers,
    timeout: duration,
    // As above.
    debounce: () => undefined,
    cancelOnClose: yesOrNo,
  });
  const { on = [], checks = [], concurrency, endOn, timeout, debounce, cancelOnClose } = read;
  if (read.on === undefined && !wasRefused(read))
    refuse(new TriggerError('automation(): "on" is missing; give it push(), tag() or pullRequest()'));
  const list = asList(on);
  if (list.filter(({ kind }) => kind === 'manual').length > 1)
    refuse(new TriggerError('automation(): one manual() is enough: which of two sets of inputs would be meant?'));
  const never = endOn && whyNeverEnds(asList<Trigger>(endOn), list);
  if (never !== undefined) refuse(new TriggerError(`automation(): "endOn": ${never}`));
  const lanes = concurrency && readConcurrency(concurrency, list);
  const held = debounce === undefined ? undefined : readDebounce(debounce, { on: list, hasLanes: lanes !== undefined });
  return {
    ...{ on: list, checks, concurrency: lanes, timeout, debounce: held, cancelOnClose },
    endOn: endOn && asList(endOn),
  };
}

function asList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

const MAX_TIMEOUT_MS = 365 * 24 * 3_600_000;

function duration(value: unknown): string | undefined {
  return isTime(value, MAX_TIMEOUT_MS) ? undefined : `a time from '1 second' to '365 days'`;
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
