import { z } from 'zod';
import { HttpError } from '../http/http-error.js';
import { shownMessage } from './contract/outbound.js';
import { ACT_KEY } from './operator-acts.js';
import { TIMES, timeOf } from './point-in-time.js';
import { ASKED_OUTCOMES, ASKED_WAITING } from './runs-query.js';
import { DELIVERY_STATES } from './search-deliveries.js';

/** Numbers of a query are texts: to JavaScript an empty one is 0, and `1e2` is 100. */
const asDigits = (said: unknown) => (typeof said === 'number' || /^\d{1,16}$/.test(String(said)) ? said : Number.NaN);
const whole = ({ least, most }: { least: number; most: number }) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.preprocess(asDigits, z.coerce.number(error).int(error).min(least, error).max(most, error));
};
const text = (most: number) => {
  const error = `a text of 1 to ${most} characters`;
  return z.string(error).min(1, error).max(most, error);
};
const limit = (most: number, otherwise: number) => whole({ least: 1, most }).prefault(otherwise);
const name = text(500);
/** Of an act that would be done twice if it were asked for twice. */
export const onceSchema = z.string().regex(/^[\w-]{8,64}$/, '8 to 64 letters, digits, _ and -');
const once = onceSchema.optional().describe('the same again starts nothing more, and is answered the same');
const yes = z
  .enum(['true', 'false', ''], 'true or false')
  .transform((said) => (said === '' ? undefined : said === 'true'))
  .optional();
/** Unix ms: the end of 9999. Of later years Temporal can't read how JavaScript writes them. */
const MAX_TIME = 253_402_300_799_999;
/** Unix ms, or what a person writes. */
const time = z.union([z.string(), z.number()], 'a time').transform((said, context) => {
  const text = String(said);
  if (text === '') return undefined;
  const ms = /^\d{1,16}$/.test(text) ? Number(text) : timeOf(text, { zone: 'UTC' });
  if (ms !== undefined && ms <= MAX_TIME) return ms;
  context.addIssue({ code: 'custom', message: `a time: Unix ms, ${TIMES}` });
  return z.NEVER;
});

/** Query of `GET /api/deliveries`. `state` is a verdict, or what became of a start. */
export const deliveriesQuery = z.object({
  limit: limit(500, 50),
  source: name.optional(),
  failed: z
    .enum(['true', 'false', ''], 'true or false')
    .optional()
    .describe('only those with a start that failed for good'),
  before: whole({ least: 0, most: Number.MAX_SAFE_INTEGER })
    .optional()
    .describe('Unix ms: the "next" of the page before'),
  since: time.optional().describe(`only what came since: Unix ms, ${TIMES}`),
  until: time.optional().describe('only what came before, said in the same way'),
  repository: name.optional(),
  event: name.optional().describe("Hookyard's word for the event, or the provider's"),
  automation: name.optional(),
  state: z.enum(DELIVERY_STATES, `one of ${DELIVERY_STATES.join(', ')}`).optional(),
  text: name
    .optional()
    .describe(
      'part of what happened, of the key or of the id, in any case, or a commit. What is called so is on the first page',
    ),
});

/** Query of `GET /api/acts`. */
export const actsQuery = z.object({
  limit: limit(500, 50),
  after: z
    .string()
    .regex(ACT_KEY, 'the "next" of the page before')
    .optional()
    .describe('the "next" of the page before'),
});

/** How a delivery is named. */
export const deliveryQuery = z.object({
  source: name.optional().describe('where deliveries of several sources are called so'),
});

/** Query of `GET /api/deliveries/<id>`. */
export const showDeliveryQuery = deliveryQuery.extend({
  content: z.enum(['true', 'false'], 'true or false').optional().describe('with what was sent'),
  diff: z
    .enum(['true', 'false'], 'true or false')
    .optional()
    .describe('with how it differs from the one before of its kind'),
});

/** Query of `GET /api/tests/flaky`. */
export const flakyQuery = z.object({ repository: name.optional(), limit: limit(500, 50) });

/** Query of `POST /api/deliveries/<id>/replay`. */
export const replayQuery = deliveryQuery.extend({
  automation: name.optional().describe('only this one is started'),
  once,
});

/** Query of `GET /api/runs` and of `GET /api/runs/kept`: a workflow id. */
export const runQuery = z.object({ id: text(1_000).describe('workflow id') });

/** Query of `GET /api/runs/artifacts/file`. */
export const artifactQuery = runQuery.extend({ name });

/** Query of `GET /api/runs`. `all`: also what it has led to. */
export const showRunQuery = runQuery.extend({ all: z.string().optional().describe('also what it has led to') });

/** Query of `GET /api/runs/named` and of `POST /api/runs/rerun`. */
export const namedRunQuery = z.object({ name: text(1_000) });

/** Query of `POST /api/runs/rerun`. */
export const rerunQuery = z.object({
  name: text(1_000),
  fromFailed: z
    .enum(['true', 'false'], 'true or false')
    .transform((said) => said === 'true')
    .optional()
    .describe('jobs go on with the step that did not pass, where their workspaces are kept'),
  once,
});

/** Query of `GET /api/runs/list`. */
export const runsQuery = z.object({
  repository: name.optional().describe('in any case, where deliveries of it are kept'),
  branch: name.optional(),
  automation: name.optional(),
  outcome: z
    .enum(ASKED_OUTCOMES, `one of ${ASKED_OUTCOMES.join(', ')}`)
    .optional()
    .describe('red: failed or error. counted: passed, failed or error'),
  since: time.optional().describe(`only runs that have started since: Unix ms, ${TIMES}`),
  endedSince: time.optional().describe('only runs that have ended since, said in the same way'),
  ended: yes.describe('only runs that have ended, the latest end first'),
  pullRequest: whole({ least: 1, most: Number.MAX_SAFE_INTEGER }).optional().describe('its number'),
  pullRequests: yes.describe('false: only runs that are about no pull request'),
  edited: yes.describe('false: only runs of what was received, and of no payload that somebody has edited'),
  waiting: z
    .enum(ASKED_WAITING, `one of ${ASKED_WAITING.join(', ')}`)
    .optional()
    .describe('only open runs that wait for this. nothing: those that do not wait'),
  limit: limit(500, 50),
  page: text(2_000).optional().describe('the "next" of the page before'),
});

/** Query of `GET /api/projects`. */
export const projectsQuery = z.object({
  automation: name.optional(),
  repository: name.optional(),
  branch: name.optional(),
});

/** Query of `GET /api/feeds`. */
export const feedsQuery = projectsQuery.extend({ automation: name });

/** Query of `POST /api/runs/approve`. */
export const approveQuery = runQuery.extend({
  sha: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, '7 to 64 hexadecimal digits in lower case')
    .optional()
    .describe('the beginning of the commit that was looked at'),
});

/** Query of `GET /api/caches`. */
export const cachesQuery = z.object({
  source: name.optional(),
  repository: name.optional(),
  branch: name.optional().describe('its name, or the full ref'),
  key: name.optional().describe('the beginning of keys'),
  after: text(2_000).optional().describe('the "next" of the page before'),
});

/** Query of `GET /api/lanes`. */
export const lanesQuery = z.object({
  named: text(2_000).optional().describe('part of a title'),
  limit: limit(500, 50),
  after: text(2_000).optional().describe('the "next" of the page before'),
});

/** Of a list that is short enough to be had as a whole. */
const namedPart = {
  named: name.optional().describe('part of a name, in any case'),
  limit: whole({ least: 1, most: 500 }).optional().describe('all, unless it is set'),
  after: name.optional().describe('the "next" of the page before'),
};

/** Query of `GET /api/automations`. */
export const automationsQuery = z.object(namedPart);

/** Query of `GET /api/sources`. */
export const sourcesQuery = z.object(namedPart);

const MESSAGE_STATES = shownMessage.shape.state.options;

/** Query of `GET /api/outbound`. `limit`: of attempts. */
export const outboundQuery = z.object({
  endpoint: name.optional(),
  message: text(2_000).optional(),
  state: z
    .enum(MESSAGE_STATES, `one of ${MESSAGE_STATES.join(', ')}`)
    .optional()
    .describe('how it stands'),
  before: whole({ least: 0, most: MAX_TIME }).optional().describe('Unix ms: the "next" of the page before'),
  limit: limit(500, 100).describe('of attempts'),
});

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

/** Parses a query. Throws {@link HttpError} (400) that names the parameter, and says what it must be. */
export function readQuery<T extends z.ZodType>(schema: T, query: unknown): z.output<T> {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new HttpError(400, `the parameter "${issue?.path.join('.')}" must be ${issue?.message}`);
}
