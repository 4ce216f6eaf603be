/** Which of the things that have names are asked for, and how many of them. What is not said does not matter. */
export interface NamedPage {
  /** Part of their names, in any case. */
  readonly named?: string | undefined;
  readonly limit?: number | undefined;
  /** The name of the last one of the page before. */
  readonly after?: string | undefined;
}

/** Returns a page of things that have names, in their order. `next`: the `after` of the page behind it; absent on the last. */
export function namedPage<T extends { readonly name: string }>(
  all: readonly T[],
  { named = '', limit = all.length, after }: NamedPage,
): { readonly page: readonly T[]; readonly next?: string } {
  const found = all.filter(({ name }) => name.toLowerCase().includes(named.toLowerCase()));
  const begin = after === undefined ? 0 : found.findIndex(({ name }) => name === after) + 1;
  const page = found.slice(begin, begin + limit);
  const last = page.at(-1);
  return { page, ...(last && begin + limit < found.length && { next: last.name }) };
}
