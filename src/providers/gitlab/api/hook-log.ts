import { z } from 'zod';
import { ProviderError } from '../../error.js';
import type { HookLog } from '../../hooks-api.js';
import { checkedId } from '../../names.js';
import { id } from '../../shapes.js';
import { eventSchema, keyOf, statusOf } from './deliveries.js';
import type { GitlabProject } from './project.js';

/** Small, because each delivery comes with its payload. */
const PER_PAGE = 20;

const attemptSchema = eventSchema.extend({ id, created_at: z.string().nullish() });

/**
 * Returns the log of a project's hook. `hook` is the hook's path. A redelivery is a new event at the front of the
 * list, and moves the others back over the pages: what was on an earlier page is left out of a later one.
 *
 * Source: https://docs.gitlab.com/api/project_webhooks/#list-project-webhook-events, of the last seven days; resending
 * since 17.4, five a minute for each hook
 */
export function gitlabHookLog({ connection }: GitlabProject, hook: string): HookLog {
  return {
    days: 7,
    sendsPerMinute: 5,
    async page(cursor) {
      const { page, below } = placeOf(cursor);
      const response = await connection.send({ path: `${hook}/events`, query: { page, per_page: PER_PAGE } });
      const listed = connection.read(z.array(attemptSchema), response, 'list of deliveries');
      const next = Number(response.headers['x-next-page']);
      const fresh = listed.filter((event) => below === undefined || BigInt(event.id) < below);
      const lowest = fresh.reduce((low, event) => (BigInt(event.id) < low ? BigInt(event.id) : low), below ?? MAX);
      return {
        attempts: fresh.map((event) => {
          const [key, status] = [keyOf(event.request_headers), statusOf(event.response_status)];
          return {
            id: event.id,
            ...(key !== undefined && { key }),
            at: new Date(timeOf(event.created_at)).toISOString(),
            ok: status !== undefined && status >= 200 && status < 300,
          };
        }),
        ...(next > page && listed.length > 0 && { next: `${next}.${lowest}` }),
      };
    },
    /** GitLab delivers before it responds. How that ended is read from the list the next time. */
    async sendAgain(attempt) {
      const path = `${hook}/events/${checkedId(attempt)}/resend`;
      await connection.send({ method: 'POST', path });
    },
  };
}

const MAX = 10n ** 30n;

/** Reads a cursor, `<page>.<id>`: the page's events with that id or a greater one were on an earlier page. */
function placeOf(cursor: string | undefined): { page: number; below: bigint | undefined } {
  if (cursor === undefined) return { page: 1, below: undefined };
  const [, page, below] = /^(\d{1,9})\.(\d{1,31})$/.exec(cursor) ?? [];
  if (page && below) return { page: Number(page), below: BigInt(below) };
  throw new ProviderError(
    'refused',
    `the cursor ${JSON.stringify(cursor.slice(0, 100))} does not come from a list of deliveries`,
  );
}

/** Of versions that do not give the time, the list is read to its end. */
function timeOf(text: string | null | undefined): number {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? Date.now() : time;
}
