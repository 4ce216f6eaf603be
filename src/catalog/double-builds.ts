import { included } from '../triggers/glob.js';
import type { PullRequestTrigger } from '../triggers/kinds/pull-request.js';
import type { PushTrigger } from '../triggers/kinds/push.js';
import type { Trigger } from '../triggers/trigger.js';
import type { ModuleReport } from './module-report.js';
import { exportOf } from './source-position.js';

/** A branch that no pattern names, as people make them for a pull request. */
const SOME_BRANCH = 'some-new-branch';

/**
 * Returns a warning, with file and line, for each automation that runs on all pushed branches and on pull requests too: the
 * commit of a pull request from a branch of the repository is built twice, under one status name.
 */
export async function doubleBuilds({ file, automations }: ModuleReport): Promise<string[]> {
  const twice = automations.filter(({ on }) =>
    on.some((trigger) => isPush(trigger) && on.some((other) => meet(trigger, other))),
  );
  return Promise.all(
    twice.map(
      async ({ name }) =>
        `${await exportOf(file, name)}: "${name}" builds the commits of pull requests twice, for push() and for pullRequest(), under one status name: name the branches that are merged into, push({ branches: ['main'] })`,
    ),
  );
}

function isPush(trigger: Trigger): trigger is PushTrigger {
  return trigger.kind === 'push' && isIn(trigger.branches);
}

/** Whether both hear of the new commit of a pull request. */
function meet(push: PushTrigger, other: Trigger): boolean {
  if (other.kind !== 'pull_request' || !isIn(other.headBranches) || !hearsOfCommits(other)) return false;
  return overlap(push.sources, other.sources) && overlap(push.repositories, other.repositories);
}

function hearsOfCommits({ actions }: PullRequestTrigger): boolean {
  return actions === undefined || actions.includes('opened') || actions.includes('synchronize');
}

function isIn(patterns: readonly string[] | undefined): boolean {
  return patterns === undefined || included(SOME_BRANCH, patterns);
}

/** Lists of which both hold one, or of which one is absent and so holds all. */
function overlap(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return one === undefined || other === undefined || one.some((name) => other.includes(name));
}
