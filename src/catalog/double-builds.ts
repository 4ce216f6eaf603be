import { included } from '../triggers/glob.js';
import { examplesOf } from '../triggers/glob-examples.js';
import type { PullRequestTrigger } from '../triggers/kinds/pull-request.js';
import type { PushTrigger } from '../triggers/kinds/push.js';
import type { Trigger } from '../triggers/trigger.js';
import type { ModuleReport } from './module-report.js';
import { exportOf } from './source-position.js';

/** What no pattern names: a branch, as people make them for a pull request, and a repository. */
const SOME_BRANCH = 'some-new-branch';
const SOME_REPOSITORY = 'some/new-repository';

/** Branches that pull requests are merged into, by what such patterns usually hold. */
const LASTING = /release|stable|support|maint|lts|version|deploy|prod|stag|master|trunk|devel|\bv?\d|^v[*[?]/i;

/**
 * Returns a warning, with file and line, for each automation that runs on pushed branches and on the pull requests from them too: the
 * commit of a pull request from a branch of the repository is built twice, under one status name.
 */
export async function doubleBuilds({ file, automations }: ModuleReport): Promise<string[]> {
  const twice = automations.filter(({ on }) =>
    on.some((trigger) => trigger.kind === 'push' && on.some((other) => meet(trigger, other))),
  );
  return Promise.all(
    twice.map(
      async ({ name }) =>
        `${await exportOf(file, name)}: "${name}" builds the commits of pull requests twice, for push() and for pullRequest(), under one status name: name the branches that are merged into, push({ branches: ['main'] })`,
    ),
  );
}

/** Whether both hear of the new commit of a pull request. */
function meet(push: PushTrigger, other: Trigger): boolean {
  if (other.kind !== 'pull_request' || !hearsOfCommits(other)) return false;
  return (
    meetAt(headsOf(push, other), push.branches, other.headBranches) &&
    share(push.sources, other.sources) &&
    meetAt([SOME_REPOSITORY, ...textsOf(push.repositories, other.repositories)], push.repositories, other.repositories)
  );
}

function hearsOfCommits({ actions }: PullRequestTrigger): boolean {
  return actions === undefined || actions.includes('opened') || actions.includes('synchronize');
}

/**
 * Returns branches that pull requests may come from: also from a lasting one, or one that is named, where the trigger says so.
 */
function headsOf({ branches = [] }: PushTrigger, { headBranches }: PullRequestTrigger): string[] {
  const isForWork = (pattern: string) => /[*?[{(]/.test(pattern) && !LASTING.test(pattern);
  const pushed = headBranches ? branches : branches.filter(isForWork);
  return [SOME_BRANCH, ...textsOf(pushed, headBranches)];
}

function textsOf(...lists: readonly (readonly string[] | undefined)[]): string[] {
  return lists.flatMap((list = []) => list.flatMap((pattern) => examplesOf(pattern.replace(/^!/, ''))));
}

/** Whether one of some texts is in both lists, of which an absent one holds all. */
function meetAt(
  texts: readonly string[],
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): boolean {
  const isIn = (text: string, patterns: readonly string[] | undefined) =>
    patterns === undefined || included(text, patterns);
  return texts.some((text) => isIn(text, one) && isIn(text, other));
}

/** Lists of which both hold one name, or of which one is absent and so holds all. */
function share(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return one === undefined || other === undefined || one.some((name) => other.includes(name));
}
