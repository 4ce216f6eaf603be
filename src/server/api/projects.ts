import { mapAtOnce } from '../../async/at-once.js';
import { type AutomationsDeps, ownAutomations } from './automations.js';
import type { ListedRun, Project, ProjectsAnswer } from './contract.js';
import { listRuns } from './list-runs.js';
import { isCounted } from './run-statistics.js';

const DAYS_30_MS = 30 * 24 * 3_600_000;
/** Runs of an automation that are looked at. */
const LOOKED_AT = 100;
/** Automations whose runs Temporal is asked for at a time. */
const AT_ONCE = 4;

/**
 * Returns how each automation does on each branch of each repository, by the last 100 runs of 30 days: those of pull requests come and
 * go, and are left out, as are those of edited payloads, which nobody has sent. Throws {@link HttpError}: 503 where Temporal does not answer, since a project that is not listed looks as if it
 * were no more.
 */
export async function listProjects(deps: AutomationsDeps): Promise<ProjectsAnswer> {
  const since = Date.now() - DAYS_30_MS;
  const runs = await mapAtOnce(ownAutomations(deps), AT_ONCE, async ({ name }) => {
    const asked = { automation: name, since, pullRequests: false, edited: false };
    return (await listRuns({ ...deps, builtIn: [] }, asked, { limit: LOOKED_AT })).runs;
  });
  return { projects: projectsOf(runs.flat()) };
}

/** Returns the projects of runs that are in Temporal's order: those that are open first, then the others by their end. */
function projectsOf(runs: readonly ListedRun[]): Project[] {
  const groups = new Map<string, [ListedRun, ...ListedRun[]]>();
  for (const run of runs) {
    const { automation, repository, branch } = run;
    const key = JSON.stringify([automation, repository, branch]);
    const known = groups.get(key);
    if (known) known.push(run);
    else groups.set(key, [run]);
  }
  return [...groups.values()].map(projectOf).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function projectOf(runs: readonly [ListedRun, ...ListedRun[]]): Project {
  const [latest] = runs;
  const { automation, repository, branch } = latest;
  const last = runs.find(isCounted);
  return {
    name: [automation, repository, branch].filter((one) => one !== undefined).join(' '),
    automation,
    ...(repository !== undefined && { repository }),
    ...(branch !== undefined && { branch }),
    building: runs.some(({ status, waitsFor }) => status === 'running' && waitsFor === undefined),
    latest,
    ...(last && { last }),
  };
}
