import { z } from 'zod';
import { TIMES } from '../point-in-time.js';
import { limit, name, once, time, whole } from '../query.js';
import { DELIVERY_STATES } from '../search-deliveries.js';

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

/** Query of `POST /api/deliveries/<id>/replay`. */
export const replayQuery = deliveryQuery.extend({
  automation: name.optional().describe('only this one is started'),
  once,
});
