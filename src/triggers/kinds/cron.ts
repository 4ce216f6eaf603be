import { readCron } from '../cron-expression.js';
import { type OptionCheck, type OptionTable, readOptions } from '../options.js';

/** What `cron()` makes. */
export type CronTrigger = { readonly kind: 'schedule'; readonly cron: string } & CronOptions;

/** Options of `cron()`. */
export interface CronOptions {
  /** Name of a time zone, `Europe/Berlin` for example. Default: UTC. */
  readonly timezone?: string;
  /** Spreads the starts over this long, `'5 minutes'` for example. Default: none. */
  readonly jitter?: string;
  /** How late a time that was missed, because Temporal was away, is still made up for. Default: `'1 hour'`. */
  readonly catchUp?: string;
}

const duration: OptionCheck = (value) =>
  typeof value === 'string' && /^\d{1,4} (second|minute|hour|day)s?$/.test(value)
    ? undefined
    : "a time in words, such as '5 minutes'";

const timezone: OptionCheck = (value) => {
  try {
    // Intl takes any case, and abbreviations; Temporal takes the names of the time-zone database.
    const named = typeof value === 'string' && /^(UTC|[A-Z][A-Za-z]+(\/[A-Z][\w+-]*)+)$/.test(value);
    if (named && new Intl.DateTimeFormat('en', { timeZone: value })) return undefined;
  } catch {
    // Intl throws on a name that it does not know.
  }
  return "the name of a time zone, such as 'Europe/Berlin'";
};

const OPTIONS: OptionTable<CronOptions> = { timezone, jitter: duration, catchUp: duration };

/**
 * Runs at times: `'0 3 * * 1-5'` is three o'clock on weekdays (minute, hour, day of the month, month, day of the week).
 * Makes one Temporal Schedule; a time that comes while a run is still going on is skipped. Throws {@link TriggerError} on
 * an expression that can't be read, and on an unknown or malformed option.
 *
 * @example
 * import { automation, cron, notify } from 'hookyard/workflow';
 *
 * export const standup = automation({ on: cron('30 9 * * mon-fri', { timezone: 'Europe/Berlin' }) }, async () => {
 *   await notify.slack('team', 'Stand-up!');
 * });
 */
export function cron(expression: string, options: CronOptions = {}): CronTrigger {
  return { kind: 'schedule', cron: readCron(expression), ...readOptions('cron', options, OPTIONS) };
}
