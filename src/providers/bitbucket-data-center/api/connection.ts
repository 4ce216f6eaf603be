import { z } from 'zod';
import { bearer } from '../../../http/auth-headers.js';
import type { Send } from '../../../http/json-client.js';
import { apiBase, withoutSlash } from '../../api-base.js';
import { type Connection, connectionOf, type ReadList, sourceToken } from '../../connection.js';
import { readPages } from '../../pages.js';
import type { ApiOptions } from '../../provider.js';
import { createSend } from '../../send.js';
import type { BitbucketDataCenterSource } from '../settings.js';

/** The REST API of a Bitbucket server, with one source's credentials. */
export interface DataCenterConnection extends Connection {
  readonly list: ReadList;
  /** Returns the name of the user that the credentials belong to, as far as responses have said it. */
  own(): string | undefined;
}

const PER_PAGE = 100;

/**
 * Returns the schema of a list's page. `nextPageStart` may exceed the items read: those that one may not see are left
 * out.
 */
export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ values: z.array(item), isLastPage: z.boolean().nullish(), nextPageStart: z.int().nullish() });

/**
 * Returns a connection that sends an HTTP access token. No call asks whom it belongs to, but each response names the
 * user in a header. Sources: https://developer.atlassian.com/server/bitbucket/rest/,
 * https://community.developer.atlassian.com/t/obtain-authorised-users-username-from-api/24422
 */
export function connectDataCenter(options: ApiOptions<BitbucketDataCenterSource>): DataCenterConnection {
  const { name, source, signal } = options;
  let own = source.api?.account;
  const plain = createSend({
    source: name,
    base: restBase(source),
    headers: () => ({ authorization: bearer(sourceToken(options)) }),
    signal,
  });
  const send: Send = async (request) => {
    const response = await plain(request);
    own = nameIn(response.headers['x-ausername']) ?? own;
    return response;
  };
  const connection = connectionOf(name, send);
  const { read } = connection;
  return {
    ...connection,
    own: () => own,
    list: (request, item, { what, most, enough }) =>
      readPages(0, {
        most,
        async read(start) {
          const response = await send({ ...request, query: { ...request.query, limit: PER_PAGE, start } });
          const { values, isLastPage, nextPageStart } = read(pageSchema(item), response, `list of ${what}s`);
          const hasMore = isLastPage === false && values.length > 0 && Number(nextPageStart) > start;
          const isLast = !hasMore || enough?.(values);
          return { items: values, next: isLast ? undefined : Number(nextPageStart) };
        },
      }),
  };
}

/** Returns what is below `/rest`: with the core API, `/api/latest` or `/api/1.0`, or without it. */
function restBase({ url, api }: Pick<BitbucketDataCenterSource, 'url' | 'api'>): string {
  if (!api?.url || withoutSlash(api.url) === withoutSlash(url)) return apiBase(url, '/rest');
  return withoutSlash(api.url).replace(/\/api\/(?:latest|\d+(?:\.\d+)*)$/i, '');
}

/** Returns the user's name of a header, which is percent-encoded. */
function nameIn(header: string | undefined): string | undefined {
  if (!header) return undefined;
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}
