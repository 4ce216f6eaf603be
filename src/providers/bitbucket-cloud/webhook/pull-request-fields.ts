import { z } from 'zod';
import type { PullRequest } from '../../../events/event.js';
import { commitName, link, refName, text } from '../../shapes.js';
import { accountSchema, repositorySchema, time, toSender } from './fields.js';

const sideSchema = z.object({
  branch: z.object({ name: refName }).nullish(),
  commit: z.object({ hash: commitName }).nullish(),
  repository: repositorySchema.nullish(),
});

export const pullRequestSchema = z.object({
  id: z.int().positive(),
  title: text(500),
  state: z.string(),
  draft: z.boolean().nullish(),
  author: accountSchema.nullish(),
  source: sideSchema,
  destination: sideSchema,
  updated_on: time.nullish(),
  links: z.object({ html: z.object({ href: link }).nullish() }).nullish(),
});

type Read = z.output<typeof pullRequestSchema>;
type Side = z.output<typeof sideSchema>;

/** Undefined when it does not name the commits and branches: a deleted branch leaves them out. */
export function toPullRequest(pull: Read, fullName: string): PullRequest | undefined {
  const { source, destination } = pull;
  if (!source.commit || !source.branch || !destination.branch) return undefined;
  return {
    number: pull.id,
    title: pull.title,
    url: urlOf(pull, fullName),
    ...(pull.author && { author: toSender(pull.author).login }),
    state: pull.state === 'OPEN' ? 'open' : 'closed',
    draft: pull.draft === true,
    fork: isFork(source, destination),
    merged: pull.state === 'MERGED',
    labels: [],
    base: { ref: destination.branch.name, ...(destination.commit && { sha: destination.commit.hash }) },
    head: {
      ref: source.branch.name,
      sha: source.commit.hash,
      ...(source.repository && { repository: source.repository.full_name }),
    },
    ...(pull.updated_on && { updatedAt: pull.updated_on }),
  };
}

export function urlOf(pull: Read, fullName: string): string {
  return pull.links?.html?.href ?? `https://bitbucket.org/${fullName}/pull-requests/${pull.id}`;
}

/** A deleted fork has no repository any more, and is no less of a stranger. */
function isFork({ repository: from }: Side, { repository: to }: Side): boolean {
  if (!from || !to) return true;
  return from.uuid && to.uuid ? from.uuid !== to.uuid : from.full_name !== to.full_name;
}
