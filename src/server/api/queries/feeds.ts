import { z } from 'zod';
import { name } from '../query.js';

/** Query of `GET /api/projects`. */
export const projectsQuery = z.object({
  automation: name.optional(),
  repository: name.optional(),
  branch: name.optional(),
});

/** Query of `GET /api/feeds`. */
export const feedsQuery = projectsQuery.extend({ automation: name });
