import { z } from 'zod';
import type { RepositoryEvent } from '../../../events/event.js';
import { eachRef, firstOf } from '../../each-ref.js';
import { forcedOf } from '../../forced.js';
import { parsePayload } from '../../parse.js';
import { refName, sha } from '../../shapes.js';
import { unpeeledUnless } from '../../unpeeled.js';
import type { EventBase, Normalised, ProviderContext } from '../../webhook-scheme.js';
import { commitSchema, envelope, toCommit, toEventBase } from '../shapes.js';

const refSchema = z.object({
  type: z.string(),
  name: refName,
  target: commitSchema.extend({ hash: sha, type: z.string().nullish() }),
});

const changeSchema = z.object({
  new: refSchema.nullish(),
  old: refSchema.nullish(),
  forced: z.boolean().nullish(),
});

const pushSchema = z.object({ push: z.object({ changes: firstOf(changeSchema) }), ...envelope });

type Change = z.output<typeof changeSchema>;

/** Some payloads call an annotated tag by the second. */
const TAGS: readonly string[] = ['tag', 'annotated_tag'];

/**
 * Reads Bitbucket's `repo:push`: all branches and tags that were pushed. It lists five commits at most and none of
 * their files, so which files changed is unknown.
 */
export function normalisePush(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(pushSchema, payload, 'repo:push');
  const base = toEventBase(read, context);
  return eachRef(read.push.changes, (change) => eventOf(change, base));
}

function eventOf(change: Change, base: EventBase): RepositoryEvent | { ignored: string } {
  const ref = change.new ?? change.old;
  if (!ref) return { ignored: 'the change names no ref' };
  const before = change.old ? { before: change.old.target.hash } : {};
  if (ref.type === 'branch') {
    const named = { ...base, ref: `refs/heads/${ref.name}`, branch: ref.name, ...before };
    if (!change.new) return { ...named, kind: 'branch_deleted' };
    const commit = toCommit(change.new.target);
    return { ...named, kind: 'push', commit, created: !change.old, ...forcedOf(!change.old, change.forced) };
  }
  if (TAGS.includes(ref.type)) {
    const named = { ...base, ref: `refs/tags/${ref.name}`, tag: ref.name };
    if (!change.new) return { ...named, kind: 'tag_deleted', ...before };
    // The target of an annotated tag is its commit too, as the type says.
    const { type = 'commit' } = change.new.target;
    const commit = toCommit(change.new.target);
    return { ...named, kind: 'tag', commit, ...unpeeledUnless(type === 'commit'), created: !change.old };
  }
  return { ignored: 'the change is neither of a branch nor of a tag' };
}
