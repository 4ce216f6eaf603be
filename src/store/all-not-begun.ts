import type { Lanes, NotBegunFilter, RunNotBegun } from './store.js';

/** Runs that are read at once, each with the event of its delivery. */
const PAGE = 50;

/** Yields all runs that wait in lanes to begin, in the order of their arrival. */
export async function* allNotBegun(
  lanes: Pick<Lanes, 'notBegun'>,
  filter: Pick<NotBegunFilter, 'source' | 'automation'>,
): AsyncGenerator<RunNotBegun> {
  for (let after = 0; ; ) {
    const page = await lanes.notBegun({ ...filter, after, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.arrived;
  }
}
