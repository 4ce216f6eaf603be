import { z } from 'zod';
import type { HookDelivery } from '../../hooks-api.js';
import { toTime } from '../shapes.js';
import type { GitlabProject } from './project.js';

const MAX = 30;
/** Small, because each delivery comes with its payload. */
const PER_PAGE = 10;

const headers = z.record(z.string(), z.unknown()).nullish();

/** An attempt of GitLab to deliver. */
export const eventSchema = z.object({
  trigger: z.string(),
  request_headers: headers,
  response_headers: headers,
  /** `internal error` when there was no response. */
  response_status: z.union([z.string(), z.int()]).nullish(),
  created_at: z.string().nullish(),
});

/**
 * Returns GitLab's last attempts to deliver through a hook, of seven days at most. `hook` is the hook's path. Source:
 * https://docs.gitlab.com/api/project_webhooks/#list-project-webhook-events
 */
export async function gitlabDeliveries({ connection }: GitlabProject, hook: string): Promise<readonly HookDelivery[]> {
  const { items } = await connection.list({ path: `${hook}/events` }, eventSchema, {
    what: 'delivery',
    most: MAX,
    perPage: PER_PAGE,
  });
  // Older versions do not give the time: the nearest are the response's date, or the time of the delivery after it.
  let at = new Date().toISOString();
  return items.map(({ trigger, request_headers, response_headers, response_status, created_at }) => {
    at = toTime(created_at) ?? toTime(header(response_headers, 'date')) ?? at;
    const key = keyOf(request_headers);
    const status = statusOf(response_status);
    return {
      ...(key && { key }),
      at,
      event: header(request_headers, 'x-gitlab-event') ?? trigger,
      ...(status !== undefined && { status }),
      ok: status !== undefined && status >= 200 && status < 300,
    };
  });
}

/** Returns what the receiver deduplicates on. Versions before 17.4 send none. */
export function keyOf(request: z.output<typeof headers>): string | undefined {
  return header(request, 'webhook-id') ?? header(request, 'idempotency-key');
}

/** Returns the status of a response; undefined when there was none. */
export function statusOf(response: string | number | null | undefined): number | undefined {
  return /^\d{3}$/.test(String(response)) ? Number(response) : undefined;
}

function header(all: z.output<typeof headers>, name: string): string | undefined {
  const found = Object.entries(all ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' && found !== '' ? found : undefined;
}
