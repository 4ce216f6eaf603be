import { z } from 'zod';
import { ProviderError } from '../../error.js';
import { type Pages, readPages } from '../../pages.js';
import { parseResponse } from '../../parse.js';
import type { GithubRepository } from './client.js';

/** GitHub's largest. */
const PER_PAGE = 100;

export interface ListOptions<T extends z.ZodType> {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly item: T;
  /** How many items are read at most. */
  readonly most: number;
  /** Where to stop: nothing behind it matters. */
  readonly until?: (item: z.output<T>) => boolean;
}

/** Reads a list page by page. Source: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export async function readList<T extends z.ZodType>(
  api: GithubRepository,
  route: string,
  { parameters, item, most, until }: ListOptions<T>,
): Promise<Pages<z.output<T>>> {
  const page = z.array(item);
  return readPages(1, {
    most,
    async read(number) {
      const { data, hasMore } = await api.request(route, { ...parameters, per_page: PER_PAGE, page: number });
      const items = parseResponse(page, data, { what: `GitHub's answer to ${route}` });
      if (hasMore && items.length === 0)
        throw new ProviderError('unavailable', `GitHub gave an empty page to ${route}`);
      const isFound = until !== undefined && items.some(until);
      return { items, next: hasMore && !isFound ? number + 1 : undefined };
    },
  });
}
