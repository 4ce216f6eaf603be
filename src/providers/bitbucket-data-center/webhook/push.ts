import { z } from 'zod';
import type { Commit, RepositoryEvent } from '../../../events/event.js';
import { isZeroSha } from '../../../events/git-names.js';
import { eachRef, firstOf } from '../../each-ref.js';
import { forcedOf } from '../../forced.js';
import { parsePayload } from '../../parse.js';
import { refName, sha } from '../../shapes.js';
import { unpeeledUnless } from '../../unpeeled.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import {
  commitSchema,
  pageOf,
  repositorySchema,
  timeSchema,
  toCommit,
  toRepository,
  toSender,
  toTime,
  userSchema,
} from '../shapes.js';

const changeSchema = z.object({
  // Version 5 has both; later ones document only the object.
  ref: z.object({ id: refName }).nullish(),
  refId: refName.nullish(),
  fromHash: sha,
  toHash: sha,
});

const pushSchema = z.object({
  changes: firstOf(changeSchema),
  date: timeSchema.catch(undefined),
  /** The commit that the changed ref leads to, in newer versions. */
  toCommit: commitSchema.nullish().catch(undefined),
  repository: repositorySchema,
  actor: userSchema.nullish(),
});

type Push = z.output<typeof pushSchema>;
type Change = z.output<typeof changeSchema>;

/**
 * Reads Bitbucket's `repo:refs_changed`: all branches and tags that were pushed. It says neither which files changed
 * nor whether the push was forced.
 */
export function normalisePush(payload: unknown, { server, ...context }: ProviderContext & { server: string }) {
  const push = parsePayload(pushSchema, payload, 'repo:refs_changed');
  const base = { ...context, repository: toRepository(push.repository, server), sender: toSender(push.actor) };
  const page = pageOf(push.repository, server);
  const time = toTime(push.date);
  const pushed = time ? { pushedAt: time } : {};
  return eachRef(push.changes, (change): RepositoryEvent | { ignored: string } => {
    const ref = change.refId ?? change.ref?.id ?? '';
    const before = isZeroSha(change.fromHash) ? {} : { before: change.fromHash };
    const created = isZeroSha(change.fromHash);
    if (ref.startsWith('refs/heads/')) {
      const named = { ...base, ...before, ref, branch: ref.slice('refs/heads/'.length) };
      if (isZeroSha(change.toHash)) return { ...named, kind: 'branch_deleted' };
      return {
        ...named,
        ...pushed,
        kind: 'push',
        commit: commitOf(push, { change, page }),
        created,
        ...forcedOf(created),
      };
    }
    if (ref.startsWith('refs/tags/')) {
      const named = { ...base, ref, tag: ref.slice('refs/tags/'.length) };
      if (isZeroSha(change.toHash)) return { ...named, ...before, kind: 'tag_deleted' };
      const known = commitToldOf(push, change);
      const commit = commitOf(push, { change, page });
      return { ...named, ...pushed, kind: 'tag', commit, ...unpeeledUnless(known), created };
    }
    return { ignored: 'the change is neither of a branch nor of a tag' };
  }) satisfies Normalised;
}

function commitOf(push: Push, { change, page }: { change: Change; page: string }): Commit {
  return toCommit(commitToldOf(push, change) ?? { id: change.toHash }, page);
}

/** Returns `toCommit` where it is that of a change. `toHash` of an annotated tag is the tag's own object. */
function commitToldOf({ changes, toCommit: newest }: Push, change: Change): Push['toCommit'] {
  const isOnlyOne = changes.items.length === 1 && changes.leftOut === 0;
  return isOnlyOne || newest?.id === change.toHash ? newest : undefined;
}
