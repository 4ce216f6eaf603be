import { z } from 'zod';
import { isoTime, list, yes } from './fields.js';

export const listedArtifact = z
  .object({
    name: z.string(),
    job: z.string().describe('whose steps have made it'),
    bytes: z.number().describe('as packed'),
    files: z.number(),
    savedAt: isoTime,
    expiresAt: isoTime,
    untrusted: yes.exactOptional().describe("the code that has made it may be a stranger's"),
  })
  .describe('Files of a job that are kept beside its run.');

/** See {@link listedArtifact}. */
export type ListedArtifact = z.output<typeof listedArtifact>;

export const artifactsAnswer = z
  .object({ artifacts: list(listedArtifact) })
  .describe('What a run has kept, and has not expired.');

/** See {@link artifactsAnswer}. */
export type ArtifactsAnswer = z.output<typeof artifactsAnswer>;
