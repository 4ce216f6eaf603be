import { included } from '../triggers/glob.js';
import { examplesOf } from '../triggers/glob-examples.js';
import type { PullRequestTrigger } from '../triggers/kinds/pull-request.js';
import type { PushTrigger } from '../triggers/kinds/push.js';
import type { RepositoryOptions } from '../triggers/kinds/shared-options.js';
import type { Trigger } from '../triggers/trigger.js';
import type { ModuleReport } from './module-report.js';
import { exportOf } from './source-position.js';

/** What no pattern names: a branch, as people make them for a pull request, a tag, and a repository. */
const SOME_BRANCH = 'some-new-branch';
const SOME_TAG = 'v1.2.3';
const SOME_REPOSITORY = 'some/new-repository';

/** Branches that pull requests are merged into, by what such patterns usually hold. */
const LASTING = /release|stable|support|maint|lts|version|deploy|prod|stag|master|trunk|devel|\bv?\d|^v[*[?]/i;
/** Tags of prereleases, by what such patterns usually hold. */
const OF_PRERELEASE = /^v[x\d.]+-|rc|alpha|beta|pre|next|canary|nightly|snapshot|dev/i;

/**
 * Returns a warning, with file and line, for each automation that runs on pushed branches and on the pull requests from them too: the
 * commit of a pull request from a branch of the repository is built twice, under one status name. So is that of a release, for an
 * automation that runs on its tag too.
 */
export async function doubleBuilds({ file, automations }: ModuleReport): Promise<string[]> {
  const told = automations.flatMap(({ name, on }) => {
    const isTwice = (meets: typeof meet) => on.some((one) => on.some((other) => meets(one, other)));
    const says = [...(isTwice(meet) ? [OF_PULL_REQUESTS] : []), ...(isTwice(meetAtTag) ? [OF_RELEASES] : [])];
    return says.map((words) => ({ name, words }));
  });
  return Promise.all(told.map(async ({ name, words }) => `${await exportOf(file, name)}: "${name}" ${words}`));
}

const OF_PULL_REQUESTS =
  "builds the commits of pull requests twice, for push() and for pullRequest(), under one status name: name the branches that are merged into, push({ branches: ['main'] })";
const OF_RELEASES =
  'runs twice for a release, for tag() and for release(), under one status name: leave one of them out, or give each other tags';

/** Whether both hear of the new commit of a pull request. */
function meet(push: Trigger, other: Trigger): boolean {
  if (push.kind !== 'push' || other.kind !== 'pull_request' || !hearsOfCommits(other)) return false;
  return meetAt(headsOf(push, other), push.branches, other.headBranches) && meetAtRepository(push, other);
}

/** Whether both hear of a release: its tag, which is mostly made with it, and that it was published. */
function meetAtTag(tag: Trigger, other: Trigger): boolean {
  if (tag.kind !== 'tag' || other.kind !== 'release' || other.actions?.includes('published') === false) return false;
  // The tags of prereleases are mostly taken away by a pattern of their form.
  if (other.prerelease === true && tag.tags) return false;
  const named = textsOf(tag.tags, other.tags).filter((name) => other.prerelease !== false || !OF_PRERELEASE.test(name));
  return meetAt([SOME_TAG, ...named], tag.tags, other.tags) && meetAtRepository(tag, other);
}

function meetAtRepository(one: RepositoryOptions, other: RepositoryOptions): boolean {
  const texts = [SOME_REPOSITORY, ...textsOf(one.repositories, other.repositories)];
  return share(one.sources, other.sources) && meetAt(texts, one.repositories, other.repositories);
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
