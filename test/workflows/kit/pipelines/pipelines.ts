import { automation, mergeGroup, type PullRequestEvent, pullRequest, push, triggerBuild } from 'hookyard/workflow';

/** The branch names what is built where: `polled/gitlab`. */
const at = (branch: string) => branch.split('/')[1] ?? '';
const parameters = { BROWSER: 'firefox' };

export const polled = automation({ on: push({ branches: ['polled/*'] }) }, async (event) => {
  await triggerBuild.pipeline(event, at(event.branch), { ref: 'main', parameters });
});

/** Of the event's own branch and commit. */
export const own = automation({ on: push({ branches: ['own/*'] }) }, async (event) => {
  await triggerBuild.pipeline(event, at(event.branch), { parameters });
});

export const called = automation({ on: push({ branches: ['called/*'] }) }, async (event) => {
  await triggerBuild.pipeline(event, `${at(event.branch)}-calls`, { ref: 'main', parameters });
});

/** Tells of its end in each way. */
export const both = automation({ on: push({ branches: ['both/*'] }) }, async (event) => {
  await triggerBuild.pipeline(event, `${at(event.branch)}-calls`, { parameters, status: 'ci/*' });
});

export const reported = automation({ on: push({ branches: ['reported/*'] }) }, async (event) => {
  await triggerBuild.pipeline(event, at(event.branch), { ref: 'main', parameters, status: 'ci/*' });
});

export const late = automation({ on: push({ branches: ['late/*'] }) }, async (event) => {
  await triggerBuild.pipeline(event, at(event.branch), { ref: 'main', timeout: '1 second' });
});

/** What an approved pull request from a fork looks like: the gate is no matter here. */
const ofFork = (event: PullRequestEvent) => ({ ...event, pullRequest: { ...event.pullRequest, fork: true } });

export const strangers = automation({ on: [pullRequest(), mergeGroup()] }, async (event) => {
  const strange = event.kind === 'pull_request' ? ofFork(event) : event;
  await triggerBuild.pipeline(strange, 'gitlab').catch(() => undefined);
  await triggerBuild.githubActions(strange, { workflow: 'build.yml' }).catch(() => undefined);
});

/** What a status of a merge queue's check leads to. */
export const lookedUp = automation({ on: mergeGroup() }, async ({ source, repository, ref, branch, commit }) => {
  const head = { kind: 'branch_head', source, repository, ref, branch, commit } as const;
  await triggerBuild.pipeline(head, 'gitlab').catch(() => undefined);
  await triggerBuild.githubActions(head, { workflow: 'build.yml' }).catch(() => undefined);
});

export const trusted = automation({ on: pullRequest() }, async (event) => {
  await triggerBuild.pipeline(ofFork(event), 'gitlab', { trust: true });
});
