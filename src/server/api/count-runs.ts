import { askVisibility } from './ask-visibility.js';
import type { ListRunsDeps } from './list-runs.js';
import { type RunsFilter, visibilityQuery } from './runs-query.js';

const DEADLINE_MS = 3_000;

/** Returns how many runs are meant, as Temporal counts them. Rejects where it does not answer. */
export async function countRuns(
  deps: Pick<ListRunsDeps, 'client' | 'taskQueue' | 'builtIn'>,
  filter: RunsFilter,
): Promise<number> {
  const { client } = deps;
  const count = () => askVisibility(() => client.workflow.count(visibilityQuery(deps, filter)));
  return (await client.withDeadline(Date.now() + DEADLINE_MS, count)).count;
}
