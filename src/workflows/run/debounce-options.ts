import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import type { Debounce } from '../../lanes/held.js';
import { group } from '../../triggers/concurrency.js';
import { mayBeOfBranch, nameOf, whyNeverFilled } from '../../triggers/never-filled.js';
import { readOptions, refuse, TriggerError, wasRefused } from '../../triggers/options.js';
import type { InternalTrigger, Trigger } from '../../triggers/trigger.js';

/** How long events wait for more of the same. */
export interface DebounceOptions {
  /** After the last of them: from a second to an hour. */
  readonly wait: Duration;
  /** After the first of them, however many come: a day at most. Default: ten times as long as `wait`. */
  readonly atMost?: Duration;
  /**
   * Which events become one run, as of a lane; `'branch'` by default, which triggers without a branch can't do without. Not beside
   * `concurrency`, whose groups count.
   */
  readonly group?: string;
}

const MAX_WAIT_MS = 3_600_000;
const MAX_AT_MOST_MS = 24 * 3_600_000;
const DEFAULT_TIMES = 10;

/** What is held back by nobody. */
const INTERNAL: readonly Trigger['kind'][] = ['schedule', 'manual', 'chained'] satisfies InternalTrigger['kind'][];

/**
 * Returns what an automation that starts by `on` says of waiting for more events. Throws {@link TriggerError}; undefined where that is
 * heard, and it does not say how long.
 */
export function readDebounce(
  given: Duration | DebounceOptions,
  { on, hasLanes }: { readonly on: readonly Trigger[]; readonly hasLanes: boolean },
): Debounce | undefined {
  const options = typeof given === 'object' ? given : { wait: given };
  const read = readOptions<DebounceOptions>(
    'automation',
    options,
    {
      wait: (value) => (isTime(value, MAX_WAIT_MS) ? undefined : `a time from '1 second' to '1 hour'`),
      atMost: (value) => (isTime(value, MAX_AT_MOST_MS) ? undefined : `a time from '1 second' to '1 day'`),
      group,
    },
    'debounce',
  );
  if (read.wait === undefined && !wasRefused(read))
    refuse(new TriggerError(`automation(): "debounce.wait" is missing: '30 seconds'`));
  const because = on.length === 0 || wasRefused(read) ? undefined : whyNotHeld(read.group, { on, hasLanes });
  if (because !== undefined) refuse(new TriggerError(`automation(): ${because}`));
  if (read.wait === undefined) return undefined;
  const waitMs = msToNumber(read.wait);
  const atMostMs = read.atMost === undefined ? DEFAULT_TIMES * waitMs : msToNumber(read.atMost);
  if (atMostMs < waitMs)
    refuse(new TriggerError('automation(): "debounce.atMost" must not be shorter than "debounce.wait"'));
  return { waitMs, atMostMs, ...(read.group !== undefined && { group: read.group }) };
}

/** Returns why nothing that starts an automation by `on` is ever held back with others; undefined where something may be. */
function whyNotHeld(
  group: string | undefined,
  { on, hasLanes }: { readonly on: readonly Trigger[]; readonly hasLanes: boolean },
): string | undefined {
  if (group !== undefined && hasLanes) return '"debounce.group" is that of "concurrency": leave it out';
  const held = on.filter(({ kind }) => !INTERNAL.includes(kind));
  if (held.length === 0) return '"debounce" is for what deliveries bring, and nothing in "on" is: leave it out';
  if (group === undefined) {
    if (hasLanes || held.some(mayBeOfBranch)) return undefined;
    const names = [...new Set(held.map(nameOf))];
    return `"debounce.group" is missing, since ${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} no branch: a text such as ${exampleFor(held)}`;
  }
  const never = whyNeverFilled(group, held);
  return never && `"debounce.group" ${JSON.stringify(group)} ${never}`;
}

function exampleFor(on: readonly Trigger[]): string {
  const kinds = on.map(({ kind }) => kind);
  if (kinds.includes('generic')) return '"order {data.order.id}"';
  if (kinds.includes('deployment')) return '"to {environment}", or "repository"';
  return kinds.includes('comment') ? '"comments {number}", or "repository"' : '"tag {tag}", or "repository"';
}

/** Returns whether a value is a time from a second to `most` milliseconds: a number of them, or words such as `'1 hour'`. */
export function isTime(value: unknown, most: number): value is Duration {
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  try {
    const ms = msToNumber(value as Duration);
    return ms >= 1_000 && ms <= most;
  } catch {
    return false;
  }
}
