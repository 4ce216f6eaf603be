import { z } from 'zod';
import { namedPart } from '../query.js';

/** Query of `GET /api/automations`. */
export const automationsQuery = z.object(namedPart);
