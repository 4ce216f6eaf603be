import { z } from 'zod';
import { isZeroSha } from '../../../events/git-names.js';
import { forcedOf } from '../../forced.js';
import { parsePayload } from '../../parse.js';
import { refName, sha } from '../../shapes.js';
import { unpeeledUnless } from '../../unpeeled.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { commitSchema, envelope, toCommit, toEventBase } from '../shapes.js';

const pushSchema = z.object({
  ...envelope,
  ref: refName,
  before: sha,
  after: sha,
  checkout_sha: sha.nullish(),
  // Only for the message and the author.
  commits: z.array(commitSchema).nullish().catch(undefined),
});

type Push = z.output<typeof pushSchema>;

/**
 * Reads GitLab's push and tag push hooks; a tag's deletion comes as either. Its payload does not say whether a push was
 * forced, and lists nothing that was thrown away, so which files changed is unknown.
 */
export function normalisePush(payload: unknown, context: ProviderContext): Normalised {
  const push = parsePayload(pushSchema, payload, 'push');
  const base = { ...toEventBase(push, context), ref: push.ref };
  // A system hook tells of it too.
  const telling = `${base.repository.id} ${push.ref} ${push.before} ${push.after}`;
  const before = isZeroSha(push.before) ? {} : { before: push.before };
  const created = isZeroSha(push.before);
  if (push.ref.startsWith('refs/tags/')) {
    const tag = push.ref.slice('refs/tags/'.length);
    if (isZeroSha(push.after)) return { telling, event: { ...base, ...before, kind: 'tag_deleted', tag } };
    // For an annotated tag, `after` is the tag object, and `checkout_sha` the commit.
    const commit = headOf(push, push.checkout_sha ?? push.after);
    return { telling, event: { ...base, kind: 'tag', tag, commit, ...unpeeledUnless(push.checkout_sha), created } };
  }
  if (!push.ref.startsWith('refs/heads/')) return { ignored: `${push.ref} is neither a branch nor a tag` };
  const branch = push.ref.slice('refs/heads/'.length);
  if (isZeroSha(push.after)) return { telling, event: { ...base, ...before, kind: 'branch_deleted', branch } };
  return {
    telling,
    event: {
      ...base,
      ...before,
      kind: 'push',
      branch,
      commit: headOf(push, push.after),
      created,
      ...forcedOf(created),
    },
  };
}

function headOf({ commits }: Push, name: string) {
  const head = commits?.find((commit) => commit.id === name);
  return head ? toCommit(head) : { sha: name };
}
