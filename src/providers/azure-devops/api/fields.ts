import { z } from 'zod';

/** Cut and not refused: counts code points, so that the cut never halves one. */
export const text = (longest: number) =>
  z.string().transform((value) => (value.length <= longest ? value : [...value].slice(0, longest).join('')));

/** SHA-1 or SHA-256. */
export const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

/** As the receiver reads it: one line without blanks, and no way up a path. */
export const ref = z.string().regex(/^(?!.*\.\.)[^\p{Cc}\p{Zs}\u007f~^:?*[\\]{1,1000}$/u);

export const identitySchema = z.object({
  id: z.string().nullish(),
  uniqueName: text(200).nullish(),
  displayName: text(200).nullish(),
});

/** Azure's lists are objects. */
export const listOf = <T extends z.ZodType>(item: T) => z.object({ value: z.array(item) });
