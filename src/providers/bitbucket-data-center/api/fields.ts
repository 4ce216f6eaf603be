import { z } from 'zod';
import { id, text } from '../../shapes.js';

export const userSchema = z.object({ name: z.string().nullish(), slug: text(100).nullish(), id: id.nullish() });
