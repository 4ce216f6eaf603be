import { z } from 'zod';
import { limit, text } from '../query.js';

/** Query of `GET /api/lanes`. */
export const lanesQuery = z.object({
  named: text(2_000).optional().describe('part of a title'),
  limit: limit(500, 50),
  after: text(2_000).optional().describe('the "next" of the page before'),
});
