import { createHash } from 'node:crypto';
import { z } from 'zod';

/** The collection of marks that tell workers which git mirrors to remove. Stored: the name stays. */
export const FORGOTTEN_MIRRORS = 'hookyard.forgotten';

/** A mark. `repository`: see {@link mirrorMark}; `at`: mirrors that were made later are kept, Unix ms. */
export const forgottenSchema = z.object({
  source: z.string().optional(),
  repository: z.string().optional(),
  at: z.number(),
});

/** Returns what a mirror notes of its repository: a hash, by which it is found and nothing told. Stored: it must not change. */
export function mirrorMark(repository: string): string {
  return createHash('sha256').update(repository).digest('hex');
}
