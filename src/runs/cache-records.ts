import { z } from 'zod';

/** Collection of what is known of cached files, a row for each entry: automations can't write to it. Stored: the name stays. */
export const CACHES = 'hookyard.caches';

/** Reads an entry. Names of fields are stored: they stay. */
export const cacheEntrySchema = z.object({
  source: z.string(),
  /** `owner/name`, as events name it. */
  repository: z.string(),
  /** The full ref of the branch whose job has saved it; `refs/pull/7` for a pull request of any provider. */
  branch: z.string(),
  key: z.string(),
  paths: z.array(z.string()).readonly(),
  /** Operating system and processor of the machine. */
  platform: z.string(),
  /** How it was looked at before it was saved. Absent: not at all, as versions before did. */
  format: z.number().optional(),
  /** Which storage it lies in. */
  place: z.string(),
  /** SHA-256 of what is stored. */
  hash: z.string(),
  /** As stored. */
  bytes: z.number(),
  files: z.number(),
  /** Unix ms. */
  savedAt: z.number(),
  /** Workflow id of the run that has saved it. */
  run: z.string(),
});

/** What is known of an entry of a cache. */
export type CacheEntry = z.output<typeof cacheEntrySchema>;
