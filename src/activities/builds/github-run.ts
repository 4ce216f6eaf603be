import type { Providers } from '../../providers/apis.js';
import { githubActions } from '../../remote-ci/github-actions.js';
import type { Activities } from '../contract/index.js';
import type { OpenedCi } from './look-at-build.js';
import { type RemoteBuildTiming, remoteBuilds } from './remote-build.js';

/** The activities of a build by GitHub Actions. */
export type GithubRunActivities = Pick<Activities, 'triggerGithubRun' | 'awaitGithubRun' | 'cancelGithubRun'>;

/** Returns the activities of builds by GitHub Actions in the repositories of sources, which no entry of the configuration names. */
export function createGithubRuns(providers: Providers, timing: Partial<RemoteBuildTiming> = {}): GithubRunActivities {
  const builds = remoteBuilds(timing);

  function open(of: { readonly source: string; readonly repository: string; readonly workflow?: string }): OpenedCi {
    const { source, repository, workflow = 'of a workflow' } = of;
    const ci = githubActions(
      { source, repository, workflow },
      { name: workflow, builds: async () => (await providers.repository(source, repository))?.builds },
    );
    return { build: workflow, kind: `GitHub Actions of ${repository}`, ci };
  }

  return {
    async triggerGithubRun(input) {
      const { source, repository, ref, sha, inputs: parameters } = input;
      // Nothing can carry an id that the workflow was not given.
      const correlation = Object.values(parameters).includes(input.correlationId) ? input.correlationId : '';
      const build = { ref: { kind: 'branch' as const, name: ref }, sha, parameters, correlation };
      const { id: runId, url } = await builds.trigger(open(input), build);
      return {
        ...{ source, repository, runId, workflow: input.workflow },
        ...(url !== undefined && { url }),
        ...(sha !== undefined && { sha }),
      };
    },

    awaitGithubRun: ({ runId: id, sha, ...of }) =>
      builds.wait(open(of), { id, correlation: '', ...(sha !== undefined && { sha }) }),

    async cancelGithubRun({ runId, correlationId: correlation = '', since, once, ...of }) {
      const which = { ...(since !== undefined && { since }), ...(once !== undefined && { once }) };
      await builds.cancel(open(of), { correlation, ...(runId !== undefined && { id: runId }), ...which });
    },
  };
}
