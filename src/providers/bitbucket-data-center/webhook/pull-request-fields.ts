import { z } from 'zod';
import type { Commit, PullRequest } from '../../../events/event.js';
import { refName, sha, text } from '../../shapes.js';
import { fullNameOf, pageOf, repositorySchema, timeSchema, toSender, toTime, userSchema } from './fields.js';

const sideSchema = z.object({ id: refName, latestCommit: sha, repository: repositorySchema });

export const pullRequestSchema = z.object({
  id: z.int().positive(),
  title: text(500),
  state: z.enum(['OPEN', 'MERGED', 'DECLINED']),
  draft: z.boolean().nullish(),
  author: z.object({ user: userSchema.nullish() }).nullish(),
  fromRef: sideSchema,
  toRef: sideSchema,
  updatedDate: timeSchema,
});

type Read = z.output<typeof pullRequestSchema>;

export function toPullRequest(server: string, pull: Read): PullRequest {
  const { fromRef, toRef } = pull;
  const updatedAt = toTime(pull.updatedDate);
  return {
    number: pull.id,
    title: pull.title,
    url: urlOf(server, pull),
    ...(pull.author?.user && { author: toSender(pull.author.user).login }),
    state: pull.state === 'OPEN' ? 'open' : 'closed',
    draft: pull.draft === true,
    fork: fromRef.repository.id !== toRef.repository.id,
    merged: pull.state === 'MERGED',
    labels: [],
    base: { ref: branchOf(toRef.id), sha: toRef.latestCommit },
    head: { ref: branchOf(fromRef.id), sha: fromRef.latestCommit, repository: fullNameOf(fromRef.repository) },
    ...(updatedAt && { updatedAt }),
  };
}

export function urlOf(server: string, pull: Read): string {
  return `${pageOf(server, pull.toRef.repository)}/pull-requests/${pull.id}`;
}

export function headOf(server: string, pull: Read): Commit {
  const sha = pull.fromRef.latestCommit;
  return { sha, url: `${urlOf(server, pull)}/commits/${sha}` };
}

function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
