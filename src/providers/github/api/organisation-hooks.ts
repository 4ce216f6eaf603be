import { z } from 'zod';
import type { HookLogs } from '../../api.js';
import { numericId } from '../../names.js';
import type { GithubRepository } from './client.js';
import { hookLog } from './hook-log.js';
import { readList } from './list.js';
import { narrow } from './parse.js';

/** GitHub takes 20 for each event. */
const MAX_HOOKS = 500;

const hookSchema = z.object({
  id: z.union([z.number(), z.bigint()]),
  config: z.object({ url: z.string().nullish() }),
});
const configSchema = z.object({ url: z.string().nullish() });

/** An organisation's webhooks, for which the token needs `admin:org_hook`. Source: https://docs.github.com/en/rest/orgs/webhooks */
export function organisationHooks(api: GithubRepository): HookLogs {
  return {
    async list() {
      const { items } = await readList(api, 'GET /orgs/{org}/hooks', { item: hookSchema, most: MAX_HOOKS });
      return items.map(({ id, config }) => ({ id: String(id), url: config.url ?? '' }));
    },
    log: (id) => hookLog(api, `/orgs/{org}/hooks/${numericId(id)}`),
  };
}

/** An app has one webhook, without a number. Source: https://docs.github.com/en/rest/apps/webhooks */
export function appHooks(api: GithubRepository): HookLogs {
  return {
    async list() {
      const route = 'GET /app/hook/config';
      const { status, data } = await api.request(route, {}, { accept: [404] });
      // An app may have none.
      return status === 404 ? [] : [{ id: 'app', url: narrow(configSchema, data, route).url ?? '' }];
    },
    log: () => hookLog(api, '/app/hook'),
  };
}
