import { z } from 'zod';
import type { HookDelivery } from '../../hooks-api.js';
import { checkedId } from '../../names.js';
import type { GithubConnection } from './client.js';

const MAX_DELIVERIES = 30;

const deliverySchema = z.object({
  guid: z.string(),
  delivered_at: z.iso.datetime({ offset: true }),
  status_code: z.int().nullish(),
  event: z.string(),
});

/**
 * Returns GitHub's last attempts to deliver through a hook. Source:
 * https://docs.github.com/en/rest/repos/webhooks#list-deliveries-for-a-repository-webhook
 */
export async function readDeliveries(api: GithubConnection, id: string): Promise<HookDelivery[]> {
  const route = 'GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries';
  const parameters = { hook_id: checkedId(id), per_page: MAX_DELIVERIES };
  const listed = await api.get(route, parameters, { schema: z.array(deliverySchema) });
  return listed.slice(0, MAX_DELIVERIES).map(({ guid, delivered_at, status_code, event }) => {
    // 0 stands for no response.
    const status = status_code || undefined;
    return {
      key: guid,
      at: new Date(delivered_at).toISOString(),
      event,
      ...(status !== undefined && { status }),
      ok: status !== undefined && status >= 200 && status < 300,
    };
  });
}
