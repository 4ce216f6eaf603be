import { refuse, TriggerError } from './options.js';

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of its numbers, from `min` on. */
  readonly words: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAY: Field = { name: 'day of the month', min: 1, max: 31, words: [] };
const MONTH: Field = { name: 'month', min: 1, max: 12, words: MONTHS };
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  DAY,
  MONTH,
  { name: 'day of the week', min: 0, max: 6, words: DAYS },
];
/** How many days each month has at most. */
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Returns a cron expression with single blanks between its five fields. Throws {@link TriggerError} if one is wrong. */
export function readCron(expression: string): string {
  const fields = typeof expression === 'string' ? expression.trim().split(/\s+/) : [];
  const problem =
    fields.length === FIELDS.length
      ? FIELDS.map((field, i) => problemWith(fields[i] ?? '', field)).find((each) => each !== undefined)
      : 'five fields are needed: minute, hour, day of the month, month, day of the week';
  if (problem) {
    refuse(new TriggerError(`cron(): ${JSON.stringify(expression)} can't be read: ${problem}`));
    return String(expression);
  }
  const longest = longestMonth(fields);
  if (longest !== undefined)
    refuse(
      new TriggerError(
        `cron(): ${JSON.stringify(expression)} never comes: of its months, the longest has ${longest} days`,
      ),
    );
  return fields.join(' ');
}

/**
 * Returns how many days the longest of the months has, where not even that has one of the days; undefined where a day may come. To
 * Temporal, unlike to cron, a day has to be one of both fields: that of the week adds none.
 */
function longestMonth([, , day = '', month = '']: readonly string[]): number | undefined {
  const longest = Math.max(...numbersIn(month, MONTH).map((number) => LENGTHS[number - 1] ?? DAY.max));
  return Math.min(...numbersIn(day, DAY)) > longest ? longest : undefined;
}

/** Returns the numbers that a field stands for, in which nothing is wrong. */
function numbersIn(field: string, { min, max, words }: Field): number[] {
  return field.split(',').flatMap((item) => {
    const [range = '', step] = item.split('/');
    const [from, to] = range.split('-');
    const first = from === undefined || from === '*' ? min : numberOf(from, words, min);
    const last = to === undefined ? (from === '*' || step !== undefined ? max : first) : numberOf(to, words, min);
    const every = Number(step ?? 1);
    return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, i) => first + i * every);
  });
}

function problemWith(field: string, { name, min, max, words }: Field): string | undefined {
  for (const item of field.split(',')) {
    const found = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d{1,3}))?$/.exec(item);
    if (!found) return `${JSON.stringify(item)} is not a valid ${name}`;
    const [, from, to, step] = found;
    const [first, last] = [from, to].map((text) => (text === undefined ? undefined : numberOf(text, words, min)));
    for (const number of [first, last])
      if (number !== undefined && !(number >= min && number <= max))
        return `${JSON.stringify(item)} is not a valid ${name}: it is from ${min} to ${max}`;
    if (first !== undefined && last !== undefined && last < first)
      return `${JSON.stringify(item)} ends before it begins`;
    if (step === '0') return 'a step of 0 leads nowhere';
  }
  return undefined;
}

function numberOf(text: string, words: readonly string[], min: number): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const place = words.indexOf(text.toLowerCase());
  return place < 0 ? Number.NaN : place + min;
}
