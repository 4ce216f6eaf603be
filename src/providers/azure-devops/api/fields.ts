import { z } from 'zod';
import { text } from '../../shapes.js';

export const identitySchema = z.object({
  id: z.string().nullish(),
  uniqueName: text(200).nullish(),
  displayName: text(200).nullish(),
});

/** Azure's lists are objects. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ value: z.array(item) });
