import { z } from 'zod';
import { ProviderError } from '../../error.js';
import { type Pages, readPages } from '../../pages.js';
import { parseResponse } from '../../parse.js';
import type { GithubConnection } from './client.js';

/** The largest page that GitHub allows. */
const PER_PAGE = 100;

/** What is listed, and how much of it. */
export interface ListOptions<T extends z.ZodType> {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly item: T;
  /** Items, at most. */
  readonly most: number;
  /** Whether an item is what was looked for, and the rest need not be read. */
  readonly until?: (item: z.output<T>) => boolean;
}

/**
 * Returns a list, read page by page. Source:
 * https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export async function readList<T extends z.ZodType>(
  api: GithubConnection,
  route: string,
  { parameters, item, most, until }: ListOptions<T>,
): Promise<Pages<z.output<T>>> {
  const page = z.array(item);
  return readPages(1, {
    most,
    async read(number) {
      const { data, hasMore } = await api.request(route, { ...parameters, per_page: PER_PAGE, page: number });
      const items = parseResponse(page, data, { what: `GitHub's response to ${route}` });
      if (hasMore && items.length === 0)
        throw new ProviderError('unavailable', `GitHub answered ${route} with an empty page that is not the last`);
      const isFound = until !== undefined && items.some(until);
      return { items, next: hasMore && !isFound ? number + 1 : undefined };
    },
  });
}
