import { z } from 'zod';
import type { RepositoryEvent } from '../../../events/event.js';
import { isZeroSha } from '../../../events/git-names.js';
import { eachRef, firstOf } from '../../each-ref.js';
import { forcedOf } from '../../forced.js';
import { parsePayload } from '../../parse.js';
import { refName, sha, text } from '../../shapes.js';
import { unpeeledUnless } from '../../unpeeled.js';
import type { Normalised } from '../../webhook-scheme.js';
import {
  branchOf,
  commitSchema,
  identitySchema,
  pageOf,
  repositorySchema,
  toCommit,
  toRepository,
  toSender,
} from '../shapes.js';
import { lacking, type OrganisationContext } from './context.js';

const updateSchema = z.object({ name: refName, oldObjectId: sha, newObjectId: sha, forced: z.boolean().nullish() });

const pushSchema = z.object({
  resource: z
    .object({
      refUpdates: firstOf(updateSchema).nullish(),
      // Only for the message and the author.
      commits: firstOf(commitSchema).nullish().catch(undefined),
      repository: repositorySchema.nullish(),
      pushedBy: identitySchema.nullish(),
      date: text(50).nullish().catch(undefined),
    })
    .nullish(),
});

/** Reads Azure's `git.push`: all branches and tags that were pushed. It does not say which files changed. */
export function normalisePush(payload: unknown, { organisation, ...context }: OrganisationContext): Normalised {
  const { resource } = parsePayload(pushSchema, payload, 'git.push');
  if (!resource?.repository) return lacking('the repository');
  if (!resource.refUpdates) return lacking('the refs');
  const page = pageOf(resource.repository, organisation);
  const base = {
    ...context,
    repository: toRepository(resource.repository, organisation),
    sender: toSender(resource.pushedBy),
  };
  const time = Date.parse(resource.date ?? '');
  const pushed = Number.isNaN(time) ? {} : { pushedAt: new Date(time).toISOString() };
  return eachRef(resource.refUpdates, (update): RepositoryEvent | { ignored: string } => {
    const { name: ref, oldObjectId: old, newObjectId: head } = update;
    const before = isZeroSha(old) ? {} : { before: old };
    const listed = resource.commits?.items.find(({ commitId }) => commitId === head);
    const commit = toCommit(listed ?? { commitId: head }, page);
    if (ref.startsWith('refs/heads/')) {
      const named = { ...base, ref, branch: branchOf(ref), ...before };
      if (isZeroSha(head)) return { ...named, kind: 'branch_deleted' };
      const created = isZeroSha(old);
      return { ...named, ...pushed, kind: 'push', commit, created, ...forcedOf(created, update.forced) };
    }
    if (ref.startsWith('refs/tags/')) {
      const named = { ...base, ref, tag: ref.slice('refs/tags/'.length) };
      if (isZeroSha(head)) return { ...named, ...before, kind: 'tag_deleted' };
      return { ...named, ...pushed, kind: 'tag', commit, ...unpeeledUnless(listed), created: isZeroSha(old) };
    }
    return { ignored: 'the change is neither of a branch nor of a tag' };
  });
}
