import { RemoteCiError } from './remote-ci.js';

/** A page of builds, newest first. */
export interface BuildsPage<T> {
  readonly items: readonly T[];
  /** Where the next page is, as the service says it; undefined after the last. */
  readonly next?: string | undefined;
}

/** Which builds are looked through. */
export interface SoughtBuilds<T> {
  /** Unix ms: of those that were made before it, none. */
  readonly since: number;
  /** How many, at most. */
  readonly most: number;
  /** When a build was made, Unix ms; `NaN` where that is not told. */
  readonly madeAt: (item: T) => number;
}

/**
 * Yields the builds that were made since a time, page by page, newest first. Throws {@link RemoteCiError} where there are more than
 * `most`: what is sought may be among the others, and would be made a second time.
 */
export async function* buildsSince<T>(
  page: (at: string | undefined) => Promise<BuildsPage<T>>,
  { since, most, madeAt }: SoughtBuilds<T>,
): AsyncGenerator<T> {
  let at: string | undefined;
  for (let seen = 0; seen < most; ) {
    const { items, next } = await page(at);
    for (const item of items) {
      if (madeAt(item) < since) return;
      yield item;
    }
    if (items.length === 0 || next === undefined) return;
    seen += items.length;
    at = next;
  }
  throw new RemoteCiError(
    'refused',
    `has made more than ${most} builds since ${new Date(since).toISOString()}, so that it can't be told whether this one is among ` +
      'them: look there, cancel it if it is, and start the run again',
  );
}
