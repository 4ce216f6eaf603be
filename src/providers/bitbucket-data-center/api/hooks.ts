import { z } from 'zod';
import type { Hook, HookEventKind, HooksApi, HookToWrite } from '../../hooks-api.js';
import { checkedId } from '../../names.js';
import { id } from '../../shapes.js';
import { CORE, type DataCenterRepository } from './repository.js';

const MAX_HOOKS = 500;

const hookSchema = z.object({
  id,
  url: z.string(),
  active: z.boolean().nullish(),
  events: z.array(z.string()).nullish(),
});

/**
 * Bitbucket's events that the receiver reads. Source:
 * https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html
 */
const EVENTS: Readonly<Record<HookEventKind, readonly string[]>> = {
  push: ['repo:refs_changed'],
  tag: ['repo:refs_changed'],
  pull_request: [
    'pr:opened',
    'pr:from_ref_updated',
    'pr:modified',
    'pr:reviewer:updated',
    'pr:merged',
    'pr:declined',
    'pr:deleted',
  ],
  comment: [
    'pr:comment:added',
    'pr:comment:edited',
    'pr:comment:deleted',
    'repo:comment:added',
    'repo:comment:edited',
    'repo:comment:deleted',
  ],
  review: ['pr:reviewer:approved', 'pr:reviewer:unapproved', 'pr:reviewer:needs_work'],
  merge_group: [],
  release: [],
  deployment: [],
  status: [],
};

/**
 * Returns the calls about a repository's webhooks, which always send JSON. Source:
 * https://developer.atlassian.com/server/bitbucket/rest/
 */
export function dataCenterHooks({ connection, path }: DataCenterRepository): HooksApi {
  const hooks = `${CORE}${path}/webhooks`;
  return {
    async list() {
      const { items } = await connection.list({ path: hooks }, hookSchema, { what: 'webhook', most: MAX_HOOKS });
      return items.map(toHook);
    },
    async create(hook) {
      const request = { method: 'POST', path: hooks, body: bodyOf(hook) } as const;
      return toHook(await connection.get(request, hookSchema, 'webhook'));
    },
    async update(hookId, hook) {
      const request = { method: 'PUT', path: `${hooks}/${checkedId(hookId)}`, body: bodyOf(hook) } as const;
      return toHook(await connection.get(request, hookSchema, 'webhook'));
    },
    eventsFor: (kinds) => [...new Set(kinds.flatMap((kind) => EVENTS[kind]))],
  };
}

function bodyOf({ url, secret, events }: HookToWrite): object {
  return { name: 'Hookyard', url, active: true, events, configuration: { secret }, sslVerificationRequired: true };
}

function toHook({ id: hookId, url, active, events }: z.output<typeof hookSchema>): Hook {
  return { id: hookId, url, active: active !== false, events: events ?? [] };
}
