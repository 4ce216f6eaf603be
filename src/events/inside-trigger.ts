import { RUN_OUTCOMES, type RunOutcome } from './event.js';
import { checkInputSpecs, type InputSpecs } from './inputs.js';
import { listOf, type OptionCheck, type OptionTable, readOptions, TriggerError } from './options.js';

/** Triggers that no delivery fires. */
export type InsideTrigger = CronTrigger | ManualTrigger | CompletedTrigger;

export type CronTrigger = { readonly kind: 'schedule'; readonly cron: string } & CronOptions;
export type ManualTrigger<I extends InputSpecs = InputSpecs> = { readonly kind: 'manual'; readonly inputs: I };
export type CompletedTrigger = { readonly kind: 'chained'; readonly automation: string } & CompletedOptions;

export interface CronOptions {
  /** Name of a time zone, `Europe/Berlin` for example. Default: UTC. */
  readonly timezone?: string;
  /** Spreads the starts over this long, `'5 minutes'` for example. Default: none. */
  readonly jitter?: string;
  /** How late a time that was missed, because Temporal was away, is still made up for. Default: `'1 hour'`. */
  readonly catchUp?: string;
}

export interface CompletedOptions {
  /** Default: `passed`. */
  readonly outcomes?: readonly RunOutcome[];
}

const duration: OptionCheck = (value) =>
  typeof value === 'string' && /^\d{1,6} (second|minute|hour|day)s?$/.test(value)
    ? undefined
    : "a time in words, such as '5 minutes'";

const timezone: OptionCheck = (value) => {
  try {
    if (typeof value === 'string' && new Intl.DateTimeFormat('en', { timeZone: value })) return undefined;
  } catch {
    // Told below.
  }
  return "the name of a time zone, such as 'Europe/Berlin'";
};

const CRON: OptionTable<CronOptions> = { timezone, jitter: duration, catchUp: duration };
const COMPLETED: OptionTable<CompletedOptions> = { outcomes: listOf(RUN_OUTCOMES) };

/** Of each field of an expression: its name, its least and its largest number. */
const FIELDS = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of the month', 1, 31],
  ['month', 1, 12],
  ['day of the week', 0, 7],
] as const;

/**
 * Runs at times: `'0 3 * * 1-5'` is three o'clock on weekdays (minute, hour, day of the month, month, day of the week).
 * One Temporal Schedule each; a time that comes while a run is still going on is skipped.
 */
export function cron(expression: string, options: CronOptions = {}): CronTrigger {
  const fields = typeof expression === 'string' ? expression.trim().split(/\s+/) : [];
  const wrong =
    fields.length === FIELDS.length
      ? fields.map((field, i) => troubleWith(field, FIELDS[i] ?? FIELDS[0])).find((trouble) => trouble !== undefined)
      : 'five fields are needed: minute, hour, day of the month, month, day of the week';
  if (wrong) throw new TriggerError(`cron(): ${JSON.stringify(expression)} can't be read: ${wrong}`);
  return { kind: 'schedule', cron: fields.join(' '), ...readOptions('cron', options, CRON) };
}

function troubleWith(field: string, [name, least, most]: (typeof FIELDS)[number]): string | undefined {
  for (const item of field.split(',')) {
    const found = /^(?:\*|(\d{1,2}|[A-Za-z]{3})(?:-(\d{1,2}|[A-Za-z]{3}))?)(?:\/(\d{1,3}))?$/.exec(item);
    if (!found) return `${JSON.stringify(item)} is no ${name}`;
    const [, from, to, step] = found;
    const outside = [from, to].some(
      (text) => text && /^\d/.test(text) && (Number(text) < least || Number(text) > most),
    );
    if (outside) return `the ${name} is from ${least} to ${most}`;
    if (step === '0') return `a step of 0 leads nowhere`;
  }
  return undefined;
}

/** Runs when somebody asks for it: `hookyard run <automation> --input name=value`. Inputs are checked before. */
export function manual<const I extends InputSpecs = Record<never, never>>(
  options: { readonly inputs?: I } = {},
): ManualTrigger<I> {
  const { inputs } = readOptions<{ inputs?: I }>('manual', options as { inputs?: I }, {
    inputs: (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object of inputs by name',
  });
  checkInputSpecs(inputs ?? {});
  return { kind: 'manual', inputs: inputs ?? ({} as I) };
}

/** Runs when a run of another automation has ended. */
export function completed(automation: string, options: CompletedOptions = {}): CompletedTrigger {
  if (typeof automation !== 'string' || automation === '')
    throw new TriggerError('completed() takes the name of an automation');
  return { kind: 'chained', automation, ...readOptions('completed', options, COMPLETED) };
}
