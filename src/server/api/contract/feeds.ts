import { z } from 'zod';
import { list } from './fields.js';
import { listedRun } from './runs.js';

export const feedAddresses = z
  .object({
    badge: z.string().describe('an image of how the last run went'),
    feed: z.string().describe('an Atom feed of the last runs'),
    monitor: z.string().describe('what build monitors read: cc.xml'),
  })
  .describe(
    'Where programs read that can not sign in. Each has a key of its own, which opens it for reading and nothing else. They begin with server.publicUrl, or with a slash where that is not set.',
  );

/** See {@link feedAddresses}. */
export type FeedAddresses = z.output<typeof feedAddresses>;

export const project = z
  .object({
    name: z.string(),
    automation: z.string(),
    repository: z.string().exactOptional(),
    branch: z.string().exactOptional(),
    building: z.boolean().describe('whether a run of it is under way'),
    latest: listedRun.describe('the newest that is open, or the one that ended last'),
    last: listedRun.exactOptional().describe('the one that ended last of those that passed, failed or broke'),
  })
  .describe('An automation on a branch of a repository.');

/** See {@link project}. */
export type Project = z.output<typeof project>;

export const projectsAnswer = z
  .object({ projects: list(project) })
  .describe('How automations do, on each branch of each repository.');

/** See {@link projectsAnswer}. */
export type ProjectsAnswer = z.output<typeof projectsAnswer>;
