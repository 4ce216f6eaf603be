import { z } from 'zod';
import type { StatusEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { branchName, link, sha, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, toEventBase } from '../shapes.js';

const statusSchema = z.object({
  commit_status: z.object({
    key: text(255),
    name: text(255).nullish(),
    state: z.string(),
    refname: branchName,
    url: link.nullish(),
    commit: z
      .object({
        hash: sha,
        repository: z.object({ uuid: z.string().nullish(), full_name: z.string().nullish() }).nullish(),
      })
      .nullish(),
    links: z.object({ commit: z.object({ href: link }).nullish() }).nullish(),
  }),
  ...envelope,
});

const STATES: Readonly<Record<string, StatusEvent['state']>> = {
  INPROGRESS: 'pending',
  SUCCESSFUL: 'success',
  FAILED: 'failure',
  STOPPED: 'cancelled',
};

/** Reads Bitbucket's `repo:commit_status_created` and `…_updated`. Older payloads have the commit only in a link. */
export function normaliseStatus(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(statusSchema, payload, 'commit status');
  const { commit_status: status } = read;
  const state = Object.hasOwn(STATES, status.state) ? STATES[status.state] : undefined;
  const commit = status.commit?.hash ?? /\/commit\/([0-9a-f]{40})$/.exec(status.links?.commit?.href ?? '')?.[1];
  if (!state) return { ignored: 'no automation can listen to this state of a status' };
  if (!commit) return { ignored: 'the status names no commit' };
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'status',
      state,
      name: nameOf(status),
      commit: { sha: commit },
      ...(status.refname && { branch: status.refname }),
      ...(status.url && { url: status.url }),
      ...(isForks(read) && { fork: true as const }),
    },
  };
}

type Read = z.output<typeof statusSchema>;

/** A link has names, or ids in braces, which may be escaped. */
const LINKED = /\/repositories\/([\w.-]+|(?:\{|%7b)[^/]*)\/([\w.-]+|(?:\{|%7b)[^/]*)\/commit\//i;
const IN_BRACES = /^(?:\{|%7b)(.*?)(?:\}|%7d)$/i;

/** Returns whether a status' commit is told to be of another repository. Most payloads do not tell, and have it of their own. */
function isForks({ commit_status: { commit, links }, repository }: Read): boolean {
  const [, owner = '', name = ''] = LINKED.exec(links?.commit?.href ?? '') ?? [];
  const linked = IN_BRACES.test(name) ? { uuid: name } : { full_name: IN_BRACES.test(owner) ? '' : `${owner}/${name}` };
  const told = [commit?.repository, name === '' ? undefined : linked];
  return told.some((one) => one && isOther(one, repository));
}

/** Repositories are told apart by their ids, and by their names where either has none. */
function isOther(
  { uuid, full_name: name }: NonNullable<NonNullable<Read['commit_status']['commit']>['repository']>,
  repository: Read['repository'],
): boolean {
  if (uuid && (repository.uuid || !name)) return uuid.replace(IN_BRACES, '$1').toLowerCase() !== repository.uuid;
  return Boolean(name) && name !== repository.full_name;
}

/** Returns a status' name. Keys are too short for our contexts, but their beginning marks a status as ours. */
function nameOf({ key, name }: { key: string; name?: string | null | undefined }): string {
  const shown = name || key;
  return /^hookyard\b/.test(key) && !shown.startsWith('hookyard/') ? `hookyard/${shown}` : shown;
}
