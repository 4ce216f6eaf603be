import { z } from 'zod';
import type { HookLogs } from '../../hooks-api.js';
import { checkedId } from '../../names.js';
import { parseResponse } from '../../parse.js';
import { id } from '../../shapes.js';
import type { GithubConnection } from './client.js';
import { hookLog } from './hook-log.js';
import { readList } from './list.js';

/** GitHub allows 20 for each event. */
const MAX_HOOKS = 500;

const hookSchema = z.object({
  id,
  config: z.object({ url: z.string().nullish() }),
});
const configSchema = z.object({ url: z.string().nullish() });

/**
 * Returns the calls about an organisation's webhooks. The token needs `admin:org_hook`. Source:
 * https://docs.github.com/en/rest/orgs/webhooks
 */
export function organisationHooks(api: GithubConnection): HookLogs {
  return {
    async list() {
      const { items } = await readList(api, 'GET /orgs/{org}/hooks', { item: hookSchema, most: MAX_HOOKS });
      return items.map((hook) => ({ id: hook.id, url: hook.config.url ?? '' }));
    },
    log: (hookId) => hookLog(api, `/orgs/{org}/hooks/${checkedId(hookId)}`),
  };
}

/**
 * Returns the calls about an app's one webhook, which has no id. Source: https://docs.github.com/en/rest/apps/webhooks
 */
export function appHooks(api: GithubConnection): HookLogs {
  return {
    async list() {
      const route = 'GET /app/hook/config';
      const { status, data } = await api.request(route, {}, { accept: [404] });
      // 404: the app has no webhook.
      return status === 404
        ? []
        : [{ id: 'app', url: parseResponse(configSchema, data, { what: `GitHub's response to ${route}` }).url ?? '' }];
    },
    log: () => hookLog(api, '/app/hook'),
  };
}
