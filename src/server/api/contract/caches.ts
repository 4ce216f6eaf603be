import { z } from 'zod';
import { isoTime, list } from './fields.js';

/** What jobs have cached under a key, and who has saved it. */
export const listedCache = z
  .object({
    source: z.string(),
    repository: z.string(),
    branch: z.string().describe('the full ref of the branch whose job has saved it; refs/pull/7 for a pull request'),
    key: z.string(),
    paths: list(z.string()).describe('below the workspace: src is the checkout'),
    platform: z.string().describe('operating system and processor of the worker'),
    bytes: z.number().describe('as packed'),
    files: z.number(),
    savedAt: isoTime,
    run: z.string().describe('workflow id of the run that has saved it'),
  })
  .describe('What jobs have cached under a key.');

/** See {@link listedCache}. */
export type ListedCache = z.output<typeof listedCache>;

/** A page of what jobs have cached. */
export const cachesAnswer = z
  .object({
    caches: list(listedCache),
    next: z.string().exactOptional().describe('the "after" of the next page; absent on the last one'),
  })
  .describe('A page of what jobs have cached: it may hold none though there is another page.');

/** See {@link cachesAnswer}. */
export type CachesAnswer = z.output<typeof cachesAnswer>;

/** What a call to clear caches has removed. */
export const clearCachesAnswer = z
  .object({
    removed: z.number().describe('how many entries'),
    bytes: z.number().describe('what they have taken, as packed: workers free it within a quarter of an hour'),
    next: z.string().exactOptional().describe('the "after" of the next call; absent when all is done'),
  })
  .describe('What was removed.');

/** See {@link clearCachesAnswer}. */
export type ClearCachesAnswer = z.output<typeof clearCachesAnswer>;
