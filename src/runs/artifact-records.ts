import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Collection of what is known of artifacts, a row for each: automations can't write to it. Stored: the name stays. */
export const ARTIFACTS = 'hookyard.artifacts';

/** Reads what is known of an artifact. Names of fields are stored: they stay. */
export const artifactSchema = z.object({
  /** Workflow id of the run whose job has kept it. */
  run: z.string(),
  job: z.string(),
  name: z.string(),
  source: z.string(),
  /** `owner/name`, as events name it. */
  repository: z.string(),
  /** Which storage it lies in. */
  place: z.string(),
  /** SHA-256 of what is stored. */
  hash: z.string(),
  /** As stored. */
  bytes: z.number(),
  files: z.number(),
  /** Unix ms. */
  savedAt: z.number(),
  expiresAt: z.number(),
  /** The code that has made it may be a stranger's. */
  untrusted: z.literal(true).optional(),
});

/** What is known of an artifact. */
export type Artifact = z.output<typeof artifactSchema>;

/** Returns what the keys of a run's artifacts begin with. */
export function artifactsOf(run: string): string {
  return `${createHash('sha256').update(run).digest('hex').slice(0, 40)}#`;
}
