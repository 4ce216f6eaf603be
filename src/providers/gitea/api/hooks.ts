import { z } from 'zod';
import type { Hook, HookEventKind, HooksApi, HookToWrite } from '../../hooks-api.js';
import { checkedId } from '../../names.js';
import { id } from '../../shapes.js';
import type { GiteaRepository } from './repository.js';

const MAX_HOOKS = 500;

const hookSchema = z.object({
  id,
  active: z.boolean(),
  events: z.array(z.string()).nullish(),
  config: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * A tag comes with `create`. Deployments and statuses of other tools are not sent. `pull_request` and
 * `pull_request_review` stand for groups of events.
 */
const BY_KIND: Readonly<Record<HookEventKind, readonly string[]>> = {
  push: ['push'],
  tag: ['create', 'delete'],
  pull_request: ['pull_request'],
  // A command may stand in a review.
  comment: ['issue_comment', 'pull_request_comment', 'pull_request_review'],
  review: ['pull_request_review'],
  merge_group: [],
  release: ['release'],
  deployment: [],
  status: [],
};

/**
 * Returns the calls about webhooks of Gitea and Forgejo, whose APIs list no deliveries. Source:
 * https://docs.gitea.com/api/ (repoCreateHook)
 */
export function giteaHooks(
  repository: GiteaRepository,
  type: 'gitea' | 'forgejo',
): HooksApi & Required<Pick<HooksApi, 'test' | 'hasCommits'>> {
  const { connection, path } = repository;
  const pathOf = (hookId: string) => `${path}/hooks/${checkedId(hookId)}`;
  return {
    async list() {
      const options = { what: 'webhook', most: MAX_HOOKS };
      const { items } = await connection.list({ path: `${path}/hooks` }, hookSchema, options);
      return items.map(toHook);
    },
    eventsFor: (kinds) => [...new Set(kinds.flatMap((kind) => BY_KIND[kind]))],
    async create(hook) {
      const request = { method: 'POST', path: `${path}/hooks`, body: { type, ...hookBody(hook) } } as const;
      return toHook(await connection.get(request, hookSchema, 'webhook'));
    },
    async update(hookId, hook) {
      const request = { method: 'PATCH', path: pathOf(hookId), body: hookBody(hook) } as const;
      return toHook(await connection.get(request, hookSchema, 'webhook'));
    },
    /** Sends a push of the default branch's last commit, which starts what such a push starts. */
    async test(hookId) {
      await connection.send({ method: 'POST', path: `${pathOf(hookId)}/tests` });
    },
    async hasCommits() {
      const { empty } = await connection.get({ path }, z.object({ empty: z.boolean().nullish() }), 'repository');
      return empty !== true;
    },
  };
}

/**
 * Returns the body that creates or changes a hook. The server's configuration decides whether certificates are checked.
 */
export function hookBody({ url, secret, events }: HookToWrite): object {
  return { config: { url, content_type: 'json', secret }, events, active: true };
}

function toHook({ id: hookId, active, events, config }: z.output<typeof hookSchema>): Hook {
  const told = events ?? [];
  // `pull_request_review` is listed as the three events that it stands for.
  const hasReviews = told.some((event) => event.startsWith('pull_request_review_') && !event.endsWith('_request'));
  return {
    id: hookId,
    url: String(config?.url ?? ''),
    active,
    events: [...new Set(hasReviews ? [...told, 'pull_request_review'] : told)],
  };
}

/** A webhook, as these APIs answer it, and what turns it into ours. */
export const giteaHook = { schema: hookSchema, toHook };
