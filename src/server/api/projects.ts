import { type AutomationsDeps, ownAutomations } from './automations.js';
import type { ListedRun, Project, ProjectsAnswer } from './contract.js';
import { lastRunsOf } from './last-runs.js';
import { isCounted } from './run-statistics.js';

const DAYS_30_MS = 30 * 24 * 3_600_000;
/** Runs of an automation that are looked at. */
const LOOKED_AT = 100;

/**
 * Returns how each automation does on each branch of each repository, by the last 100 runs of 30 days: those of pull requests come and
 * go, and are left out, as are those of edited payloads, which nobody has sent. Throws {@link HttpError}: 503 where Temporal does not answer, since a project that is not listed looks as if it
 * were no more.
 */
export async function listProjects(deps: AutomationsDeps): Promise<ProjectsAnswer> {
  const since = Date.now() - DAYS_30_MS;
  const names = ownAutomations(deps).map(({ name }) => name);
  const runs: ListedRun[] = [];
  const asked = { since, pullRequests: false, edited: false, most: LOOKED_AT };
  await lastRunsOf(deps, names, asked, (_, found) => runs.push(...found));
  return { projects: projectsOf(runs) };
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
