import { z } from 'zod';
import { shownMessage } from '../contract/outbound.js';
import { ACT_KEY } from '../operator-acts.js';
import { limit, MAX_TIME, name, namedPart, text, whole } from '../query.js';

/** Query of `GET /api/acts`. */
export const actsQuery = z.object({
  limit: limit(500, 50),
  after: z
    .string()
    .regex(ACT_KEY, 'the "next" of the page before')
    .optional()
    .describe('the "next" of the page before'),
});

/** Query of `GET /api/tests/flaky`. */
export const flakyQuery = z.object({ repository: name.optional(), limit: limit(500, 50) });

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
