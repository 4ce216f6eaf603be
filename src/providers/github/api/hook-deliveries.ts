import { z } from 'zod';
import type { HookDelivery } from '../../api.js';
import { checkedId } from '../../names.js';
import { parseResponse } from '../../parse.js';
import type { GithubRepository } from './client.js';

const MAX_DELIVERIES = 30;

const deliverySchema = z.object({
  guid: z.string(),
  delivered_at: z.iso.datetime({ offset: true }),
  status_code: z.int().nullish(),
  event: z.string(),
});

/** GitHub's last attempts at a hook. Source: https://docs.github.com/en/rest/repos/webhooks#list-deliveries-for-a-repository-webhook */
export async function readDeliveries(api: GithubRepository, id: string): Promise<HookDelivery[]> {
  const route = 'GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries';
  const { data } = await api.request(route, { hook_id: checkedId(id), per_page: MAX_DELIVERIES });
  const listed = parseResponse(z.array(deliverySchema), data, { what: `GitHub's answer to ${route}` }).slice(
    0,
    MAX_DELIVERIES,
  );
  return listed.map(({ guid, delivered_at, status_code, event }) => {
    // 0 stands for no answer at all.
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
