import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import type { HookyardEvent } from '../../events/event.js';
import { fieldOf } from '../../events/field-of.js';
import { type OptionTable, readOptions, TriggerError } from '../../triggers/options.js';
import type { DeliveryTrigger, TriggeredEvent } from '../../triggers/trigger.js';
import { type About, aboutOf, placeOf } from '../../waits/about.js';
import { whyNeverAbout } from '../../waits/never.js';
import { type Delivered, withRaw } from '../run/raw.js';
import { nextEvent } from '../run/wait.js';

/** What is waited for, beside the triggers. */
export interface WaitOptions {
  /**
   * The event whose pull request is meant; else its branch, else its repository, or the source where it has none. Only what
   * arrived after it counts.
   */
  readonly of: HookyardEvent;
  /** A year at most: milliseconds, or words such as `'3 days'`. */
  readonly within: Duration;
  /** A field that has the same value in both events, instead of that: `data.order.id`. */
  readonly key?: string;
}

const MAX_DAYS = 365;
const MAX_KEY = 400;

const OPTIONS: OptionTable<WaitOptions> = {
  of: (value) =>
    typeof value === 'object' && value !== null && 'kind' in value && 'deliveryId' in value
      ? undefined
      : 'an event that an automation was given',
  within: (value) => {
    const ms = milliseconds(value);
    return ms > 0 && ms <= MAX_DAYS * 24 * 3_600_000
      ? undefined
      : `a time of ${MAX_DAYS} days at most, such as '3 days'`;
  },
  key: (value) => (typeof value === 'string' && value !== '' ? undefined : "a field's path, such as 'data.order.id'"),
};

/**
 * Waits for the next event that matches one of the triggers and is about the same pull request, branch or repository as `of`.
 * Returns it, or undefined when the time is up. Events count in the order of their arrival, from `of` on: also those that came
 * before the run began to wait. None is returned twice. Filters, permissions and approvals hold as for starting a run; what
 * they refuse is passed over.
 *
 * Throws {@link TriggerError} where no such event could ever come.
 *
 * @example
 * import { automation, comment, pullRequest, push, report, waitFor } from 'hookyard/workflow';
 *
 * export const remind = automation({ on: pullRequest({ actions: ['opened'] }) }, async (event) => {
 *   const activity = await waitFor([comment(), push()], { of: event, within: '3 days' });
 *   if (activity === undefined) await report.comment(event, { body: 'Nothing has happened here for three days.' });
 * });
 */
export async function waitFor<T extends DeliveryTrigger>(
  on: T | readonly T[],
  options: WaitOptions,
): Promise<Delivered<TriggeredEvent<T>> | undefined> {
  const { of, within, key } = readOptions('waitFor', options, OPTIONS);
  if (of === undefined) throw new TriggerError('waitFor(): "of" is missing; give it the event of the run');
  if (within === undefined) throw new TriggerError(`waitFor(): "within" is missing; give it a time, such as '3 days'`);
  const triggers: readonly T[] = Array.isArray(on) ? on : [on as T];
  const place = placeOf(of);
  if (place === undefined)
    throw new TriggerError(`waitFor(): "of" is about no repository, since no delivery brought it: it is ${of.kind}`);
  const about = key === undefined ? aboutOf(of) : aboutField(of, key);
  const never = whyNeverAbout(triggers, { place, about });
  if (never !== undefined) throw new TriggerError(`waitFor(): ${never}`);
  const next = nextEvent({ ...place, on: triggers, of, about }, milliseconds(within));
  // Whoever awaits it learns of it; a wait that nobody awaits does not keep the run open.
  next.catch(() => undefined);
  const found = await next;
  return found && (withRaw(found) as Delivered<TriggeredEvent<T>>);
}

function aboutField(of: HookyardEvent, key: string): About {
  const value = fieldOf(of, key);
  if (value === undefined) throw new TriggerError(`waitFor(): "of" has no field "${key}" that is a text or a number`);
  if (value.length > MAX_KEY)
    throw new TriggerError(`waitFor(): the field "${key}" is longer than ${MAX_KEY} characters`);
  return { kind: 'field', path: key, value };
}

function milliseconds(value: unknown): number {
  try {
    return msToNumber(value as Duration);
  } catch {
    return Number.NaN;
  }
}
