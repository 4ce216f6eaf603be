import { z } from 'zod';
import type { HookLog } from '../../hooks-api.js';
import { checkedId } from '../../names.js';
import { parseResponse } from '../../parse.js';
import { id } from '../../shapes.js';
import type { GithubConnection } from './client.js';

/** GitHub's largest. */
const PER_PAGE = 100;

const attemptSchema = z.object({
  id,
  guid: z.string().min(1).max(200),
  delivered_at: z.iso.datetime({ offset: true }),
  status_code: z.int().nullish(),
});

/**
 * Returns the log of a hook of a repository, an organisation or an app. `hook` is the hook's own route. A redelivery
 * is an attempt of its own under the same GUID.
 *
 * Sources: https://docs.github.com/en/rest/repos/webhooks, …/orgs/webhooks, …/apps/webhooks;
 * https://docs.github.com/en/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks: github.com's list
 * ends after three days, an Enterprise Server's after seven
 */
export function hookLog(api: GithubConnection, hook: string): HookLog {
  return {
    days: 7,
    async page(cursor) {
      const route = `GET ${hook}/deliveries`;
      const response = await api.request(route, { per_page: PER_PAGE, ...(cursor !== undefined && { cursor }) });
      const attempts = parseResponse(z.array(attemptSchema), response.data, {
        what: `GitHub's response to ${route}`,
      }).map((read) => ({
        id: read.id,
        key: read.guid,
        at: new Date(read.delivered_at).toISOString(),
        // 0 stands for no response.
        ok: Number(read.status_code) >= 200 && Number(read.status_code) < 300,
      }));
      return { attempts, ...(response.cursor !== undefined && { next: response.cursor }) };
    },
    async sendAgain(attempt) {
      await api.request(`POST ${hook}/deliveries/{delivery_id}/attempts`, { delivery_id: checkedId(attempt) });
    },
  };
}
