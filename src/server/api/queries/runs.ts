import { z } from 'zod';
import { TIMES } from '../point-in-time.js';
import { limit, name, once, text, time, whole, yes } from '../query.js';
import { ASKED_OUTCOMES, ASKED_WAITING } from '../runs-query.js';

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

/** Query of `POST /api/runs/approve`. */
export const approveQuery = runQuery.extend({
  sha: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/, '7 to 64 hexadecimal digits in lower case')
    .optional()
    .describe('the beginning of the commit that was looked at'),
});
