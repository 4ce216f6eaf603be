import { z } from 'zod';
import { truncate } from '../../../events/truncate.js';
import type { Hook, HookEventKind, HooksApi, HookToWrite } from '../../api.js';
import { checkedId } from '../../names.js';
import { parseResponse } from '../../parse.js';
import { id } from '../../shapes.js';
import type { GithubRepository } from './client.js';
import { readDeliveries } from './hook-deliveries.js';
import { hookLog } from './hook-log.js';
import { readList } from './list.js';

/** GitHub takes 20 for each event. */
const MAX_HOOKS = 500;

const hookSchema = z.object({
  id,
  active: z.boolean(),
  events: z.array(z.string()),
  config: z.object({ url: z.string().nullish() }),
  last_response: z.object({ code: z.number().nullish(), message: z.string().nullish() }).nullish(),
});

/** Those that the receiver reads. Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads */
const EVENTS: Readonly<Record<HookEventKind, readonly string[]>> = {
  push: ['push'],
  tag: ['push'],
  pull_request: ['pull_request'],
  comment: ['issue_comment', 'commit_comment'],
  review: ['pull_request_review'],
  release: ['release'],
  deployment: ['deployment', 'deployment_status'],
  status: ['status', 'check_run', 'workflow_run'],
};

/** A repository's webhooks. Source: https://docs.github.com/en/rest/repos/webhooks */
export function hooks(api: GithubRepository): HooksApi {
  return {
    async list() {
      const route = 'GET /repos/{owner}/{repo}/hooks';
      const { items } = await readList(api, route, { item: hookSchema, most: MAX_HOOKS });
      return items.map(toHook);
    },

    async create(hook) {
      const route = 'POST /repos/{owner}/{repo}/hooks';
      const { data } = await api.request(route, { name: 'web', ...settings(hook) }, { once: true });
      return toHook(parseResponse(hookSchema, data, { what: `GitHub's answer to ${route}` }));
    },

    async update(hookId, hook) {
      const route = 'PATCH /repos/{owner}/{repo}/hooks/{hook_id}';
      const { data } = await api.request(route, { hook_id: checkedId(hookId), ...settings(hook) });
      return toHook(parseResponse(hookSchema, data, { what: `GitHub's answer to ${route}` }));
    },

    async test(hookId) {
      await api.request('POST /repos/{owner}/{repo}/hooks/{hook_id}/pings', { hook_id: checkedId(hookId) });
    },

    deliveries: (hookId) => readDeliveries(api, hookId),

    log: (hookId) => hookLog(api, `/repos/{owner}/{repo}/hooks/${checkedId(hookId)}`),

    eventsFor: (kinds) => [...new Set(kinds.flatMap((kind) => EVENTS[kind]))],
  };
}

/** The whole of `config`: GitHub drops the secret when one that is changed comes without it. */
function settings({ url, secret, events }: HookToWrite): Record<string, unknown> {
  return { active: true, events, config: { url, secret, content_type: 'json', insecure_ssl: '0' } };
}

function toHook({ id: hookId, active, events, config, last_response }: z.output<typeof hookSchema>): Hook {
  const { code, message } = last_response ?? {};
  const failed = typeof code === 'number' && (code < 200 || code > 299);
  return {
    id: hookId,
    url: config.url ?? '',
    active,
    events,
    ...(failed && { warning: truncate(`its last delivery was answered ${code}${message ? `: ${message}` : ''}`, 200) }),
  };
}
