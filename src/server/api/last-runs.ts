import { isEditedRun } from '../../events/edited-key.js';
import type { ListedRun } from './contract.js';
import { type ListRunsDeps, listed, pageOfRuns } from './list-runs.js';
import type { ListedFilter } from './runs-query.js';

/** Which runs of automations are meant, and how many of each. */
export interface LastRunsFilter extends Omit<ListedFilter, 'automation' | 'automations'> {
  readonly most: number;
}

/** Runs that Temporal lists at once: more would hold up whoever else is answered while they are read. */
const LISTED = 500;
/** Automations that one question names. */
export const MAX_NAMED = 100;
/** Where runs are left out, so many times as many of an automation are looked at. */
const LOOKED_AT = 5;

/**
 * Tells the last runs of automations, as a list of each alone would have them, in Temporal's order. It asks for all of them together, since
 * Temporal allows few lists a second: then again without those of which enough is known, as long as there are others. Throws as `listRuns`
 * does, when some may have been told already.
 */
export async function lastRunsOf(
  deps: Omit<ListRunsDeps, 'builtIn'>,
  automations: readonly string[],
  filter: LastRunsFilter,
  tell: (automation: string, runs: readonly ListedRun[]) => void,
): Promise<void> {
  for (let at = 0; at < automations.length; at += MAX_NAMED) {
    let left = automations.slice(at, at + MAX_NAMED);
    while (left.length > 0) {
      const { found, isAll } = await listWhileWanted(deps, left, filter);
      const isKnown = (name: string) => isAll || (found.get(name)?.isFull() ?? false);
      for (const name of left.filter(isKnown)) tell(name, found.get(name)?.runs() ?? []);
      left = left.filter((name) => !isKnown(name));
    }
  }
}

/**
 * Lists runs until enough is known of one automation at least, and on as long as most of what comes is of others: those that are about
 * equally busy come to their number one soon after the other, and who began anew with each would read the same again and again.
 */
async function listWhileWanted(
  deps: Omit<ListRunsDeps, 'builtIn'>,
  automations: readonly string[],
  { most, edited, ...filter }: LastRunsFilter,
) {
  const found = new Map(automations.map((name) => [name, createLast({ most, edited })]));
  const limit = Math.min(LISTED, most * automations.length);
  let page: string | undefined;
  for (;;) {
    const { runs, next } = await pageOfRuns({ ...deps, builtIn: [] }, { ...filter, automations }, { limit, page });
    let wanted = 0;
    for (const run of runs) if (found.get(run.type)?.add(listed(deps, run))) wanted += 1;
    const full = [...found.values()].filter(({ isFull }) => isFull()).length;
    const goesOn = full === 0 || (full < found.size && wanted * 2 > runs.length);
    if (next === undefined || !goesOn) return { found, isAll: next === undefined };
    page = next;
  }
}

/** The last runs of one automation, as they come. */
function createLast({ most, edited = true }: Pick<LastRunsFilter, 'most' | 'edited'>) {
  const runs = new Map<string, ListedRun>();
  let seen = 0;
  const isFull = () => runs.size >= most || seen >= LOOKED_AT * most;
  return {
    /** Returns whether it was wanted: enough was not known yet. */
    add(run: ListedRun): boolean {
      if (isFull()) return false;
      seen += 1;
      if (!edited && isEditedRun(run)) return true;
      // One that has ended meanwhile comes again among those that have.
      runs.delete(run.runId);
      runs.set(run.runId, run);
      return true;
    },
    isFull,
    runs: () => [...runs.values()],
  };
}
