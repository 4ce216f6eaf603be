import { z } from 'zod';
import type { Send } from '../../../http/json-client.js';
import { apiBase } from '../../api-base.js';
import { type Connection, connectionOf, type ReadList, sourceToken } from '../../connection.js';
import { ProviderError } from '../../error.js';
import { readPages } from '../../pages.js';
import type { ApiOptions } from '../../provider.js';
import { createSend } from '../../send.js';
import { id } from '../../shapes.js';
import type { GitlabSource } from '../settings.js';

/** GitLab's REST API with one source's credentials. */
export interface GitlabConnection extends Connection {
  readonly list: ReadList<{ readonly perPage?: number }>;
  /** Asks GitLab for the account that the credentials belong to. */
  account(): Promise<{ login: string }>;
  /** Returns that account's login: as configured, else asked for once. */
  ownLogin(): Promise<string>;
}

/**
 * Returns the connection of a source, to its `api.url`, or to its `url` if that is not set. Source:
 * https://docs.gitlab.com/api/rest/
 */
export function connectGitlab({ name, source, signal }: Omit<ApiOptions<GitlabSource>, 'log'>): GitlabConnection {
  const plain = createSend({
    source: name,
    base: apiBase(source.api?.url ?? source.url, '/api/v4'),
    headers: () => ({ 'private-token': sourceToken({ name, source }) }),
    signal,
  });
  const send = followingMoves(plain);
  const connection = connectionOf(name, send);
  const { get, read } = connection;

  const account = async () => {
    const { username } = await get({ path: '/user' }, z.object({ username: z.string().min(1) }), 'user');
    return { login: username };
  };

  let known = source.api?.account;
  return {
    ...connection,
    account,
    async ownLogin() {
      known ??= (await account()).login;
      return known;
    },
    list: (request, schema, { what, most, perPage = 100, enough }) =>
      readPages(1, {
        most,
        read: async (page) => {
          const response = await send({ ...request, query: { ...request.query, page, per_page: perPage } });
          const items = read(z.array(schema), response, `list of ${what}s`);
          const next = Number(response.headers['x-next-page']);
          const isLast = !(next > page) || items.length === 0 || enough?.(items);
          return { items, next: isLast ? undefined : next };
        },
      }),
  };
}

/**
 * Returns a `send` that also writes to projects that were renamed or transferred. GitLab redirects a GET for an old path,
 * but answers 405 to all else: that is sent again by the project's id.
 */
function followingMoves(send: Send): Send {
  return async (request) => {
    try {
      return await send(request);
    } catch (error) {
      const [, project, rest] = /^\/projects\/([^/]+)(\/.*)$/.exec(request.path) ?? [];
      if (!project || !(error instanceof ProviderError) || error.status !== 405) throw error;
      const { json } = await send({ path: `/projects/${project}` });
      const found = z.object({ id }).safeParse(json).data;
      if (!found || found.id === project) throw error;
      return send({ ...request, path: `/projects/${found.id}${rest}` });
    }
  };
}
