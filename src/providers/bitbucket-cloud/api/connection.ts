import { z } from 'zod';
import { basic, bearer } from '../../../http/auth-headers.js';
import { apiBase, withoutSlash } from '../../api-base.js';
import { type Connection, connectionOf, type ReadList, sourceToken } from '../../connection.js';
import { ProviderError } from '../../error.js';
import { readPages } from '../../pages.js';
import type { ApiOptions } from '../../provider.js';
import { createSend } from '../../send.js';
import { personOf } from '../credentials.js';
import type { BitbucketCloudSource } from '../settings.js';

/** Bitbucket Cloud's REST API, with one source's credentials. */
export interface CloudConnection extends Connection {
  /** Reads a list page by page: 100 items a page, unless `perPage` says fewer. */
  readonly list: ReadList<{ readonly perPage?: number }>;
}

const CLOUD = 'https://api.bitbucket.org';

/**
 * Returns a connection. Bitbucket names a next page by its whole URL, of which only the page goes into the next
 * request, so that the token goes to no other host. Source: https://developer.atlassian.com/cloud/bitbucket/rest/intro/
 */
export function connectCloud(options: ApiOptions<BitbucketCloudSource>): CloudConnection {
  const { name, source, signal } = options;
  const send = createSend({
    source: name,
    base: cloudBase(source),
    headers: () => ({ authorization: authorization(options) }),
    signal,
  });
  const connection = connectionOf(name, send);
  return {
    ...connection,
    list: (request, item, { what, most, perPage = 100, enough }) =>
      readPages('', {
        most,
        async read(page) {
          const query = { ...request.query, pagelen: perPage, ...(page && { page }) };
          const schema = z.object({ values: z.array(item), next: z.string().nullish() });
          const response = await send({ ...request, query });
          const { values, next } = connection.read(schema, response, `list of ${what}s`);
          if (!next || enough?.(values)) return { items: values, next: undefined };
          if (values.length === 0) throw strange(name, 'answered with an empty page that is not the last');
          return { items: values, next: pageOf(next) ?? strangePage(name) };
        },
      }),
  };
}

/** Returns the API's base, also for the address of its host or of Bitbucket's pages. */
function cloudBase({ url, api }: Pick<BitbucketCloudSource, 'url' | 'api'>): string {
  const base = withoutSlash(api?.url ?? CLOUD);
  return base === CLOUD || base === withoutSlash(url) ? apiBase(CLOUD, '/2.0') : base;
}

function authorization(options: ApiOptions<BitbucketCloudSource>): string {
  const token = sourceToken(options);
  const username = personOf(options.source);
  return username === undefined ? bearer(token) : basic(username, token);
}

/** Returns the page of a URL: a number, or an opaque word. */
function pageOf(next: string): string | undefined {
  const page = URL.canParse(next) ? new URL(next).searchParams.get('page') : null;
  return page && page.length <= 500 ? page : undefined;
}

function strangePage(source: string): never {
  throw strange(source, 'named a next page without its number');
}

function strange(source: string, what: string): ProviderError {
  return new ProviderError('unavailable', `the API of source ${source} ${what}`);
}
