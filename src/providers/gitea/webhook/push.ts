import { z } from 'zod';
import { envelope, toEventBase } from '../../github/shapes.js';
import { normalisePush } from '../../github/webhook/push.js';
import { parsePayload } from '../../parse.js';
import { refName, sha } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';

/** Reads `push`. A pushed tag comes with a `create` event too, and from some versions with that alone. */
export function normaliseGiteaPush(payload: unknown, context: ProviderContext): Normalised {
  const pushed = normalisePush(payload, context);
  const isTag = 'event' in pushed && (pushed.event.kind === 'tag' || pushed.event.kind === 'tag_deleted');
  return isTag ? { ignored: 'the create or delete event says the same' } : pushed;
}

const refSchema = z.object({ ref: refName, ref_type: z.string(), sha: sha.nullish(), ...envelope });

/** Reads `create`: a tag, or a branch, which comes as a push too. */
export function normaliseCreate(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(refSchema, payload, 'create');
  if (read.ref_type !== 'tag') return { ignored: 'the push event says the same' };
  const tag = shortName(read.ref);
  if (!read.sha) return { ignored: 'the tag names no commit' };
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'tag',
      ref: `refs/tags/${tag}`,
      tag,
      commit: { sha: read.sha },
      created: true,
    },
  };
}

/** Reads `delete`: of a tag or a branch. */
export function normaliseDelete(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(refSchema, payload, 'delete');
  const base = toEventBase(read, context);
  const name = shortName(read.ref);
  if (read.ref_type === 'tag') return { event: { ...base, kind: 'tag_deleted', ref: `refs/tags/${name}`, tag: name } };
  return { event: { ...base, kind: 'branch_deleted', ref: `refs/heads/${name}`, branch: name } };
}

/** These events have the short name; of newer versions, some have the full one. */
function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}
