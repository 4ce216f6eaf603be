import { z } from 'zod';
import type { Commit, RepositoryEvent } from '../../../events/event.js';
import { isZeroSha } from '../../../events/git-names.js';
import { eachRef, firstOf } from '../../each-ref.js';
import { parsePayload } from '../../parse.js';
import { refName, sha, text } from '../../shapes.js';
import type { Normalised } from '../../webhook-scheme.js';
import {
  branchOf,
  identitySchema,
  lacking,
  type OrganisationContext,
  pageOf,
  repositorySchema,
  toRepository,
  toSender,
} from './fields.js';

const updateSchema = z.object({ name: refName, oldObjectId: sha, newObjectId: sha, forced: z.boolean().nullish() });

const commitSchema = z.object({
  commitId: sha,
  comment: text(2_000).nullish(),
  author: z.object({ name: text(100).nullish() }).nullish(),
});

const pushSchema = z.object({
  resource: z
    .object({
      refUpdates: firstOf(updateSchema).nullish(),
      commits: firstOf(commitSchema).nullish(),
      repository: repositorySchema.nullish(),
      pushedBy: identitySchema.nullish(),
    })
    .nullish(),
});

type CommitRead = z.output<typeof commitSchema>;

/** Azure's `git.push`: branches and tags, as many as were pushed. It does not say which files changed. */
export function normalisePush(payload: unknown, { organisation, ...context }: OrganisationContext): Normalised {
  const { resource } = parsePayload(pushSchema, payload, 'git.push');
  if (!resource?.repository) return lacking('the repository');
  if (!resource.refUpdates) return lacking('the refs');
  const page = pageOf(organisation, resource.repository);
  const base = {
    ...context,
    repository: toRepository(organisation, resource.repository),
    sender: toSender(resource.pushedBy),
  };
  return eachRef(resource.refUpdates, (update): RepositoryEvent | { ignored: string } => {
    const { name: ref, oldObjectId: old, newObjectId: head } = update;
    const before = isZeroSha(old) ? {} : { before: old };
    const commit = commitOf(head, resource.commits ?? [], page);
    if (ref.startsWith('refs/heads/')) {
      const named = { ...base, ref, branch: branchOf(ref), ...before };
      if (isZeroSha(head)) return { ...named, kind: 'branch_deleted' };
      return { ...named, kind: 'push', commit, created: isZeroSha(old), forced: update.forced === true };
    }
    if (ref.startsWith('refs/tags/')) {
      const named = { ...base, ref, tag: ref.slice('refs/tags/'.length) };
      if (isZeroSha(head)) return { ...named, ...before, kind: 'tag_deleted' };
      return { ...named, kind: 'tag', commit, created: isZeroSha(old) };
    }
    return { ignored: 'the change is neither of a branch nor of a tag' };
  });
}

function commitOf(sha: string, commits: readonly CommitRead[], page: string): Commit {
  const told = commits.find((commit) => commit.commitId === sha);
  return {
    sha,
    ...(told?.comment && { message: told.comment }),
    ...(told?.author?.name && { author: told.author.name }),
    url: `${page}/commit/${sha}`,
  };
}
