import { z } from 'zod';
import { isZeroSha } from '../../../events/git-names.js';
import { envelope, toEventBase } from '../../github/shapes.js';
import { normalisePush } from '../../github/webhook/push.js';
import { parsePayload } from '../../parse.js';
import { id, refName, sha } from '../../shapes.js';
import type { Normalised, ProviderContext, Telling } from '../../webhook-scheme.js';

const pushedSchema = z.object({ ref: refName, after: sha, repository: z.object({ id }) });

/**
 * Reads `push`. Of a tag there is a `create` event too, and of what is deleted a `delete` event: a webhook may be set to send
 * either or both.
 */
export function normaliseGiteaPush(payload: unknown, context: ProviderContext): Normalised {
  const pushed = normalisePush(payload, context);
  if (!('event' in pushed) || pushed.event.kind === 'push') return pushed;
  const { ref, after, repository } = parsePayload(pushedSchema, payload, 'push');
  const telling = tellingOf(repository.id, ref, isZeroSha(after) ? undefined : after);
  const { event } = pushed;
  if (event.kind !== 'tag' || event.commit.sha === after) return { ...pushed, telling };
  // As in create, and where reconciling recognises it: the tag's own object.
  return { event: { ...event, commit: { sha: after }, unpeeled: true }, telling };
}

/** `head`: what the ref leads to, undefined where it is gone. */
function tellingOf(repositoryId: string, ref: string, head: string | undefined): Telling {
  return `${repositoryId} ${ref} ${head ?? 'deleted'}`;
}

const refSchema = z.object({ ref: refName, ref_type: z.string(), sha: sha.nullish(), ...envelope });

/** Reads `create`: a tag, or a branch, which comes as a push too. */
export function normaliseCreate(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(refSchema, payload, 'create');
  if (read.ref_type !== 'tag') return { ignored: 'the push event says the same' };
  const tag = shortName(read.ref);
  const ref = `refs/tags/${tag}`;
  if (!read.sha) return { ignored: 'the tag names no commit' };
  return {
    telling: tellingOf(read.repository.id, ref, read.sha),
    event: {
      ...toEventBase(read, context),
      kind: 'tag',
      ref,
      tag,
      // The tag object's name, where it is an annotated one.
      commit: { sha: read.sha },
      unpeeled: true,
      created: true,
    },
  };
}

/** Reads `delete`: of a tag or a branch. */
export function normaliseDelete(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(refSchema, payload, 'delete');
  const base = toEventBase(read, context);
  const name = shortName(read.ref);
  const isTag = read.ref_type === 'tag';
  const ref = `refs/${isTag ? 'tags' : 'heads'}/${name}`;
  return {
    telling: tellingOf(read.repository.id, ref, undefined),
    event: isTag
      ? { ...base, kind: 'tag_deleted', ref, tag: name }
      : { ...base, kind: 'branch_deleted', ref, branch: name },
  };
}

/** These events have the short name; of newer versions, some have the full one. */
function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}
