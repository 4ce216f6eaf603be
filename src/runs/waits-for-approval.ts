import { z } from 'zod';
import { WAITS_MEMO, type WaitsForApproval } from './names.js';

/** Reads what a run's memo says. Apart from `names.ts`, because zod would add a megabyte to the workflow bundle. */
const waitsSchema: z.ZodType<WaitsForApproval> = z.object({
  sha: z.string(),
  since: z.string(),
  received: z.string(),
  repositoryId: z.string(),
  closing: z.literal(true).optional(),
  begun: z.literal(true).optional(),
});

/** Returns what a run says in its memo; undefined if it does not wait for approval. */
export function waitsOf({
  memo,
}: {
  readonly memo?: Record<string, unknown> | undefined;
}): WaitsForApproval | undefined {
  return waitsSchema.safeParse(memo?.[WAITS_MEMO]).data;
}
