/** A server that always has a next page, with nothing on it, would be read for ever. */
const MAX_PAGES = 500;

/** Pages of one list. A list that is longer than `most` is not read to its end. */
export interface Pages<T> {
  readonly items: readonly T[];
  /** Whether this is the whole list. */
  readonly complete: boolean;
}

/**
 * Reads a list page by page until `next` has none, `most` items were read, or there are suspiciously many pages. `read`
 * gives a page's items, and what the page after it is asked for with.
 */
export async function readPages<T, C>(
  first: C,
  { most, read }: { most: number; read: (cursor: C) => Promise<{ items: readonly T[]; next: C | undefined }> },
): Promise<Pages<T>> {
  const items: T[] = [];
  let cursor: C | undefined = first;
  for (let pages = 0; cursor !== undefined; pages++) {
    if (pages === MAX_PAGES) return { items, complete: false };
    const page: { items: readonly T[]; next: C | undefined } = await read(cursor);
    items.push(...page.items);
    cursor = page.next;
    if (items.length >= most)
      return { items: items.slice(0, most), complete: items.length === most && cursor === undefined };
  }
  return { items, complete: true };
}
