import { z } from 'zod';
import { truncate } from '../../../events/truncate.js';
import type { Hook, HookEventKind, HooksApi, HookToWrite } from '../../hooks-api.js';
import { checkedId } from '../../names.js';
import { id } from '../../shapes.js';
import type { GithubConnection } from './client.js';
import { readDeliveries } from './hook-deliveries.js';
import { hookLog } from './hook-log.js';
import { readList } from './list.js';

/** GitHub allows 20 for each event. */
const MAX_HOOKS = 500;

const hookSchema = z.object({
  id,
  active: z.boolean(),
  events: z.array(z.string()),
  config: z.object({ url: z.string().nullish() }),
  last_response: z.object({ code: z.number().nullish(), message: z.string().nullish() }).nullish(),
});

/**
 * GitHub's names of the events that the receiver reads. Source:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
const EVENTS: Readonly<Record<HookEventKind, readonly string[]>> = {
  push: ['push'],
  tag: ['push'],
  pull_request: ['pull_request'],
  merge_group: ['merge_group'],
  // A command may stand on a line, and in a review.
  comment: ['issue_comment', 'commit_comment', 'pull_request_review_comment', 'pull_request_review'],
  review: ['pull_request_review'],
  release: ['release'],
  deployment: ['deployment', 'deployment_status'],
  status: ['status', 'check_run', 'workflow_run'],
};

/** Returns the calls about a repository's webhooks. Source: https://docs.github.com/en/rest/repos/webhooks */
export function hooks(api: GithubConnection): HooksApi {
  return {
    async list() {
      const route = 'GET /repos/{owner}/{repo}/hooks';
      const { items } = await readList(api, route, { item: hookSchema, most: MAX_HOOKS });
      return items.map(toHook);
    },

    async create(hook) {
      const route = 'POST /repos/{owner}/{repo}/hooks';
      return toHook(await api.get(route, { name: 'web', ...settings(hook) }, { schema: hookSchema, once: true }));
    },

    async update(hookId, hook) {
      const route = 'PATCH /repos/{owner}/{repo}/hooks/{hook_id}';
      return toHook(await api.get(route, { hook_id: checkedId(hookId), ...settings(hook) }, { schema: hookSchema }));
    },

    async test(hookId) {
      await api.request('POST /repos/{owner}/{repo}/hooks/{hook_id}/pings', { hook_id: checkedId(hookId) });
    },

    deliveries: (hookId) => readDeliveries(api, hookId),

    log: (hookId) => hookLog(api, `/repos/{owner}/{repo}/hooks/${checkedId(hookId)}`),

    eventsFor: (kinds) => [...new Set(kinds.flatMap((kind) => EVENTS[kind]))],
  };
}

/** Sends `config` whole, because GitHub drops the secret from one that is sent without it. */
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
