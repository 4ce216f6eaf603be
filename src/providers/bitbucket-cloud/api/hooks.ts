import { z } from 'zod';
import { ProviderError } from '../../error.js';
import type { Hook, HookEventKind, HooksApi, HookToWrite } from '../../hooks-api.js';
import type { CloudRepository } from './repository.js';

const MAX_HOOKS = 500;

/** A UUID in braces. */
const UUID = /^\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i;

const hookSchema = z.object({
  uuid: z.string().regex(UUID),
  url: z.string(),
  active: z.boolean().nullish(),
  events: z.array(z.string()).nullish(),
});

/**
 * Bitbucket's events that the receiver reads. Source:
 * https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/
 */
const EVENTS: Readonly<Record<HookEventKind, readonly string[]>> = {
  push: ['repo:push'],
  tag: ['repo:push'],
  pull_request: ['pullrequest:created', 'pullrequest:updated', 'pullrequest:fulfilled', 'pullrequest:rejected'],
  comment: [
    'pullrequest:comment_created',
    'pullrequest:comment_updated',
    'pullrequest:comment_deleted',
    'repo:commit_comment_created',
  ],
  review: [
    'pullrequest:approved',
    'pullrequest:unapproved',
    'pullrequest:changes_request_created',
    'pullrequest:changes_request_removed',
  ],
  merge_group: [],
  release: [],
  deployment: [],
  status: ['repo:commit_status_created', 'repo:commit_status_updated'],
};

/**
 * Returns the calls about a repository's webhooks. Bitbucket always sends JSON, and checks certificates unless a person
 * disables that on its page. Its API has neither a test of a webhook nor a list of deliveries.
 * Source: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/
 */
export function cloudHooks({ connection, path }: CloudRepository): HooksApi {
  const hooks = `${path}/hooks`;
  return {
    async list() {
      const { items } = await connection.list({ path: hooks }, hookSchema, { what: 'webhook', most: MAX_HOOKS });
      return items.map(toHook);
    },
    async create(hook) {
      const request = { method: 'POST', path: hooks, body: bodyOf(hook) } as const;
      return toHook(await connection.get(request, hookSchema, 'webhook'));
    },
    async update(id, hook) {
      if (!UUID.test(id))
        throw new ProviderError('refused', `${JSON.stringify(id.slice(0, 100))} is not the id of a webhook`);
      const request = { method: 'PUT', path: `${hooks}/${encodeURIComponent(id)}`, body: bodyOf(hook) } as const;
      return toHook(await connection.get(request, hookSchema, 'webhook'));
    },
    eventsFor: (kinds) => [...new Set(kinds.flatMap((kind) => EVENTS[kind]))],
  };
}

function bodyOf({ url, secret, events }: HookToWrite): object {
  return { description: 'Hookyard', url, active: true, secret, events };
}

function toHook({ uuid, url, active, events }: z.output<typeof hookSchema>): Hook {
  return { id: uuid, url, active: active !== false, events: events ?? [] };
}
