/** Does work for each item, for so many at once, and returns what it resolves to, in order. Rejects with the first error. */
export async function mapAtOnce<I, O>(
  items: readonly I[],
  atOnce: number,
  work: (item: I) => Promise<O>,
): Promise<readonly O[]> {
  const done: O[] = [];
  for (let at = 0; at < items.length; at += atOnce)
    done.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))));
  return done;
}
