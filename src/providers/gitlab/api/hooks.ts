import { z } from 'zod';
import { ProviderError } from '../../error.js';
import type { HooksApi } from '../../hooks-api.js';
import { checkedId } from '../../names.js';
import type { GitlabSource } from '../settings.js';
import { gitlabDeliveries } from './deliveries.js';
import { gitlabEvents, hookBody, hookSchema, isSigning, type Takes, toHook } from './hook.js';
import { gitlabHookLog } from './hook-log.js';
import type { GitlabProject } from './project.js';

/** GitLab.com allows 100 for a project. */
const MAX_HOOKS = 500;

/**
 * Returns the calls about a project's webhooks. The account must be a maintainer. Source:
 * https://docs.gitlab.com/api/project_webhooks/
 */
export function gitlabHooks(
  project: GitlabProject,
  source: Pick<GitlabSource, 'secrets' | 'acceptSecretToken'>,
): Required<HooksApi> {
  const { connection } = project;
  const hooks = `${project.path}/hooks`;
  const pathOf = (id: string) => `${hooks}/${checkedId(id)}`;
  const takes = takenBy(source);

  return {
    eventsFor: gitlabEvents,
    async list() {
      const { items } = await connection.list({ path: hooks }, hookSchema, { what: 'webhook', most: MAX_HOOKS });
      return items.map((read) => toHook(read, takes));
    },
    async create(hook) {
      const request = { method: 'POST', path: hooks, body: hookBody(hook) } as const;
      return toHook(await connection.get(request, hookSchema, 'webhook'), takenFor(hook.secret));
    },
    async update(id, hook) {
      const request = { method: 'PUT', path: pathOf(id), body: hookBody(hook) } as const;
      return toHook(await connection.get(request, hookSchema, 'webhook'), takenFor(hook.secret));
    },
    /** Sends a push of the project's last commits, which starts what such a push starts. */
    async test(id) {
      const { status } = await connection.send({
        method: 'POST',
        path: `${pathOf(id)}/test/push_events`,
        accept: [422],
      });
      if (status !== 422) return;
      throw new ProviderError(
        'refused',
        'GitLab could not deliver its test push: its address was not reached or did not answer 2xx, or the project has no commits',
        { status },
      );
    },
    async hasCommits() {
      const schema = z.object({ empty_repo: z.boolean().nullish() });
      const { empty_repo: isEmpty } = await connection.get({ path: project.path }, schema, 'project');
      return isEmpty !== true;
    },
    deliveries: async (id) => gitlabDeliveries(project, pathOf(id)),
    log: (id) => gitlabHookLog(project, pathOf(id)),
  };
}

function takenFor(secret: string): Takes {
  return { signature: isSigning(secret), token: !isSigning(secret) };
}

/** As the receiver decides: plain tokens are not accepted beside signing tokens, unless the source says so. */
function takenBy({ secrets, acceptSecretToken }: Pick<GitlabSource, 'secrets' | 'acceptSecretToken'>): Takes {
  const each = secrets.map((secret) => takenFor(secret.reveal()));
  const signature = each.some((takes) => takes.signature);
  return { signature, token: each.some((takes) => takes.token) && (!signature || acceptSecretToken) };
}
