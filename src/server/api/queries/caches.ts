import { z } from 'zod';
import { name, text } from '../query.js';

/** Query of `GET /api/caches`. */
export const cachesQuery = z.object({
  source: name.optional(),
  repository: name.optional(),
  branch: name.optional().describe('its name, or the full ref'),
  key: name.optional().describe('the beginning of keys'),
  after: text(2_000).optional().describe('the "next" of the page before'),
});
