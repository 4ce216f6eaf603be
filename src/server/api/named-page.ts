import { HttpError } from '../http/http-error.js';

/** Which of the things that have names are asked for, and how many of them. What is not said does not matter. */
export interface NamedPage {
  /** Part of their names, in any case. */
  readonly named?: string | undefined;
  readonly limit?: number | undefined;
  /** The name of the last one of the page before. */
  readonly after?: string | undefined;
}

/**
 * Returns a page of things that have names, in their order. `next`: the `after` of the page behind it; absent on the last. Those that are
 * sorted by name go on behind one that is gone too; of others nobody knows where it stood, and {@link HttpError} 400 is thrown.
 */
export function namedPage<T extends { readonly name: string }>(
  all: readonly T[],
  { named = '', limit = all.length, after }: NamedPage,
  { isSorted = false }: { readonly isSorted?: boolean } = {},
): { readonly page: readonly T[]; readonly next?: string } {
  const found = behind(all, after, isSorted).filter(({ name }) => name.toLowerCase().includes(named.toLowerCase()));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, ...(last && limit < found.length && { next: last.name }) };
}

/** Returns what stands behind the one of that name. It may be gone since, or another server may have answered that knew it. */
function behind<T extends { readonly name: string }>(
  all: readonly T[],
  after: string | undefined,
  isSorted: boolean,
): readonly T[] {
  if (after === undefined) return all;
  if (isSorted) return all.filter(({ name }) => name > after);
  const at = all.findIndex(({ name }) => name === after);
  if (at >= 0) return all.slice(at + 1);
  throw new HttpError(400, 'the parameter "after" must be the "next" of the page before, and be there still');
}
