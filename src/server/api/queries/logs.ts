import { z } from 'zod';
import { limit, name, text, whole, yes } from '../query.js';

/** Query of `GET /api/logs`. */
export const logsQuery = z.object({
  run: text(1_000),
  job: name.optional(),
  after: whole({ least: 0, most: Number.MAX_SAFE_INTEGER }).prefault(0).describe('the last line that is known'),
  limit: limit(5_000, 500),
});

/** Which job of which run. */
const jobQuery = z.object({ run: text(1_000).describe('workflow id'), job: name });
const lineNumber = whole({ least: 0, most: Number.MAX_SAFE_INTEGER });
/** `120`, `120-130`, and either with the letter that addresses have. */
const lines = z
  .string()
  .regex(/^L?\d{1,12}(?:-L?\d{1,12})?$/, 'the number of a line, or two of them: 120-130')
  .transform((said) => {
    const [one = 1, other = one] = said.replaceAll('L', '').split('-').map(Number);
    return { from: Math.min(one, other), to: Math.max(one, other) };
  });

/** Query of `GET /api/logs/open`. */
export const openLogQuery = jobQuery.extend({
  line: lines.optional().describe('lines that are to be seen: 120, or 120-130'),
  after: lineNumber.optional().describe('what begins after this line'),
  before: lineNumber.optional().describe('what ends before this line'),
  text: text(200).optional().describe('what is looked for'),
  from: lineNumber.optional().describe('the line that is looked at first'),
  back: yes.describe('looks upwards'),
  failure: yes.describe('looks for the next line that reads like an error'),
  limit: limit(1_000, 200),
});

/** Query of `GET /api/logs/search`. */
export const searchLogQuery = jobQuery.extend({
  text: text(200),
  from: lineNumber.optional(),
  back: yes,
  limit: limit(500, 100),
});

/** Query of `GET /api/logs/text`. */
export const logTextQuery = jobQuery;

/** Query of `GET /api/logs/live`. */
export const followLogQuery = jobQuery.extend({ after: lineNumber.prefault(0) });
