/** Ends the reading of a server that always names a next page, with nothing on it. */
const MAX_PAGES = 500;

/** A list that was read page by page, or its beginning. */
export interface Pages<T> {
  readonly items: readonly T[];
  /** Whether this is the whole list. */
  readonly complete: boolean;
}

/**
 * Reads a list page by page until a page has no `next`, `most` items are read, or there were 500 pages. `read` returns
 * a page's items and the cursor of the page after it.
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
