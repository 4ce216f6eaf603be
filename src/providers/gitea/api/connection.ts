import { z } from 'zod';
import { apiBase } from '../../api-base.js';
import { type Connection, connectionOf, type ReadList, sourceToken } from '../../connection.js';
import { readPages } from '../../pages.js';
import type { ApiOptions } from '../../provider.js';
import { createSend } from '../../send.js';
import type { GiteaFamilySource } from '../settings.js';
import { userSchema } from '../shapes.js';

/** The REST API of Gitea, Forgejo or Gogs with one source's credentials. */
export interface GiteaConnection extends Connection {
  readonly list: ReadList;
  /** Asks the server for the account that the credentials belong to. */
  account(): Promise<{ login: string }>;
  /** Returns that account's login: as configured, else asked for once. */
  ownLogin(): Promise<string>;
}

/** A server that allows fewer answers with as many as it allows. */
const PER_PAGE = 50;

/**
 * Returns the connection of a source, to its `api.url`, or to its `url` if that is not set. Sources:
 * https://docs.gitea.com/development/api-usage, https://forgejo.org/docs/latest/user/api-usage/,
 * https://github.com/gogs/docs-api
 */
export function connectGitea({ name, source, signal }: Omit<ApiOptions<GiteaFamilySource>, 'log'>): GiteaConnection {
  const send = createSend({
    source: name,
    base: apiBase(source.api?.url ?? source.url, '/api/v1'),
    headers: () => ({ authorization: `token ${sourceToken({ name, source })}` }),
    signal,
  });
  const connection = connectionOf(name, send);
  const { get, read } = connection;
  const account = async () => {
    const { login } = await get(
      { path: '/user' },
      userSchema.refine((user) => user.login !== ''),
      'user',
    );
    return { login };
  };

  let known = source.api?.account;
  return {
    ...connection,
    account,
    async ownLogin() {
      known ??= (await account()).login;
      return known;
    },
    async list(request, schema, { what, most, enough }) {
      let total: number | undefined;
      let ended = false;
      const pages = await readPages(
        { page: 1, before: 0 },
        {
          most,
          read: async ({ page, before }) => {
            const response = await send({ ...request, query: { ...request.query, page, limit: PER_PAGE } });
            const items = read(z.array(schema), response, `list of ${what}s`);
            const count = response.headers['x-total-count'];
            total = count === undefined ? undefined : Number(count);
            const seen = before + items.length;
            ended = total === undefined ? items.length === 0 : seen >= total;
            const isLast = ended || items.length === 0 || enough?.(items);
            return { items, next: isLast ? undefined : { page: page + 1, before: seen } };
          },
        },
      );
      return { items: pages.items, complete: pages.complete && ended };
    },
  };
}
