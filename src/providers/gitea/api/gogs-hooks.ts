import { z } from 'zod';
import type { HookEventKind, HooksApi, HookToWrite } from '../../hooks-api.js';
import { checkedId } from '../../names.js';
import { giteaHook, hookBody } from './hooks.js';
import type { GiteaRepository } from './repository.js';

/** Gogs has no reviews, and sends no deployments and statuses. */
const BY_KIND: Readonly<Record<HookEventKind, readonly string[]>> = {
  push: ['push'],
  tag: ['create', 'delete'],
  pull_request: ['pull_request'],
  comment: ['issue_comment'],
  review: [],
  merge_group: [],
  release: ['release'],
  deployment: [],
  status: [],
};

/**
 * Returns the calls about webhooks of Gogs, whose API sends no test deliveries. Its edits leave the secret as it was,
 * so a hook is changed by creating a new one and deleting the old one.
 *
 * Sources: https://github.com/gogs/docs-api/blob/master/Repositories/Webhooks.md,
 * https://github.com/gogs/gogs/blob/main/internal/route/api/v1/repo/hook.go
 */
export function gogsHooks({ connection, path }: GiteaRepository): HooksApi {
  async function create(hook: HookToWrite) {
    const request = { method: 'POST', path: `${path}/hooks`, body: { type: 'gogs', ...hookBody(hook) } } as const;
    return giteaHook.toHook(await connection.get(request, giteaHook.schema, 'webhook'));
  }
  return {
    /** The list has no pages. */
    async list() {
      const list = await connection.get({ path: `${path}/hooks` }, z.array(giteaHook.schema), 'list of webhooks');
      return list.map(giteaHook.toHook);
    },
    eventsFor: (kinds) => [...new Set(kinds.flatMap((kind) => BY_KIND[kind]))],
    create,
    async update(hookId, hook) {
      const old = `${path}/hooks/${checkedId(hookId)}`;
      const made = await create(hook);
      await connection.send({ method: 'DELETE', path: old });
      return made;
    },
  };
}
