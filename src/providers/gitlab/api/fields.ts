import { z } from 'zod';

/** Numbers of GitLab's are 64 bits: one that JavaScript can't hold exactly is refused, and never rounded. */
export const id = z.union([z.int(), z.string().regex(/^\d{1,30}$/)]).transform(String);

/** SHA-1 or SHA-256. */
export const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);

export const userSchema = z.object({ username: z.string() });
