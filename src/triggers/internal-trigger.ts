import { RUN_OUTCOMES, type RunOutcome } from '../events/event.js';
import { checkInputSpecs, type InputSpecs } from './inputs.js';
import { listOf, type OptionCheck, type OptionTable, readOptions, TriggerError, yesOrNo } from './options.js';

/** Triggers that no delivery fires. */
export type InternalTrigger = CronTrigger | ManualTrigger | CompletedTrigger;

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
  /** As that of a pull request: `true` runs at once after a run about a fork's, whose code nobody may have approved. */
  readonly forks?: boolean;
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
    // Told below.
  }
  return "the name of a time zone, such as 'Europe/Berlin'";
};

const CRON: OptionTable<CronOptions> = { timezone, jitter: duration, catchUp: duration };
const COMPLETED: OptionTable<CompletedOptions> = {
  outcomes: listOf(RUN_OUTCOMES),
  forks: yesOrNo,
};

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of its numbers, from the least. */
  readonly words: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59, words: [] },
  { name: 'hour', least: 0, most: 23, words: [] },
  { name: 'day of the month', least: 1, most: 31, words: [] },
  { name: 'month', least: 1, most: 12, words: MONTHS },
  { name: 'day of the week', least: 0, most: 6, words: DAYS },
];

/**
 * Runs at times: `'0 3 * * 1-5'` is three o'clock on weekdays (minute, hour, day of the month, month, day of the week).
 * One Temporal Schedule each; a time that comes while a run is still going on is skipped.
 */
export function cron(expression: string, options: CronOptions = {}): CronTrigger {
  const fields = typeof expression === 'string' ? expression.trim().split(/\s+/) : [];
  const wrong =
    fields.length === FIELDS.length
      ? FIELDS.map((field, i) => troubleWith(fields[i] ?? '', field)).find((trouble) => trouble !== undefined)
      : 'five fields are needed: minute, hour, day of the month, month, day of the week';
  if (wrong) throw new TriggerError(`cron(): ${JSON.stringify(expression)} can't be read: ${wrong}`);
  return { kind: 'schedule', cron: fields.join(' '), ...readOptions('cron', options, CRON) };
}

function troubleWith(field: string, { name, least, most, words }: Field): string | undefined {
  for (const item of field.split(',')) {
    const found = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d{1,3}))?$/.exec(item);
    if (!found) return `${JSON.stringify(item)} is no ${name}`;
    const [, from, to, step] = found;
    const [first, last] = [from, to].map((text) => (text === undefined ? undefined : numberOf(text, words, least)));
    for (const number of [first, last])
      if (number !== undefined && !(number >= least && number <= most))
        return `${JSON.stringify(item)} is no ${name}: it is from ${least} to ${most}`;
    if (first !== undefined && last !== undefined && last < first)
      return `${JSON.stringify(item)} ends before it begins`;
    if (step === '0') return 'a step of 0 leads nowhere';
  }
  return undefined;
}

function numberOf(text: string, words: readonly string[], least: number): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const place = words.indexOf(text.toLowerCase());
  return place < 0 ? Number.NaN : place + least;
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
