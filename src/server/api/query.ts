import { z } from 'zod';
import { HttpError } from '../http/http-error.js';
import { TIMES, timeOf } from './point-in-time.js';

/** What queries are made of, and how one is read. The parameters of each route stand in `queries/`. */

/** Numbers of a query are texts: to JavaScript an empty one is 0, and `1e2` is 100. */
const asDigits = (said: unknown) => (typeof said === 'number' || /^\d{1,16}$/.test(String(said)) ? said : Number.NaN);
/** Returns the schema of a whole number. */
export const whole = ({ least, most }: { least: number; most: number }) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.preprocess(asDigits, z.coerce.number(error).int(error).min(least, error).max(most, error));
};
/** Returns the schema of a text. `most`: characters. */
export const text = (most: number) => {
  const error = `a text of 1 to ${most} characters`;
  return z.string(error).min(1, error).max(most, error);
};
/** Returns the schema of how many are on a page. */
export const limit = (most: number, otherwise: number) => whole({ least: 1, most }).prefault(otherwise);
/** The schema of what something is called. */
export const name = text(500);
/** The schema of the mark by which an act is known that is asked for twice. */
export const onceSchema = z.string().regex(/^[\w-]{8,64}$/, '8 to 64 letters, digits, _ and -');
/** The same, as a parameter. */
export const once = onceSchema.optional().describe('the same again starts nothing more, and is answered the same');
/** The schema of yes or no. An empty one is not said. */
export const yes = z
  .enum(['true', 'false', ''], 'true or false')
  .transform((said) => (said === '' ? undefined : said === 'true'))
  .optional();
/** Unix ms: the end of 9999. Of later years Temporal can't read how JavaScript writes them. */
export const MAX_TIME = 253_402_300_799_999;
/** The schema of a time: Unix ms, or what a person writes. */
export const time = z.union([z.string(), z.number()], 'a time').transform((said, context) => {
  const text = String(said);
  if (text === '') return undefined;
  const ms = /^\d{1,16}$/.test(text) ? Number(text) : timeOf(text, { zone: 'UTC' });
  if (ms !== undefined && ms <= MAX_TIME) return ms;
  context.addIssue({ code: 'custom', message: `a time: Unix ms, ${TIMES}` });
  return z.NEVER;
});

/** The parameters of a list that is short enough to be had as a whole. */
export const namedPart = {
  named: name.optional().describe('part of a name, in any case'),
  limit: whole({ least: 1, most: 500 }).optional().describe('all, unless it is set'),
  after: name.optional().describe('the "next" of the page before'),
};

/** Parses a query. Throws {@link HttpError} (400) that names the parameter, and says what it must be. */
export function readQuery<T extends z.ZodType>(schema: T, query: unknown): z.output<T> {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new HttpError(400, `the parameter "${issue?.path.join('.')}" must be ${issue?.message}`);
}
