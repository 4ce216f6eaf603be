import { Context } from '@temporalio/activity';
import type { Providers } from '../../providers/apis.js';
import { openRemoteCi } from '../../remote-ci/index.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured } from '../failures.js';
import { callbackUrlFor } from './callback-url.js';
import type { OpenedCi } from './look-at-build.js';
import { type RemoteBuildTiming, remoteBuilds } from './remote-build.js';

/** The activities of a build in a CI service. */
export type CiBuildActivities = Pick<Activities, 'triggerCiBuild' | 'awaitCiBuild' | 'lookAtCiBuild' | 'cancelCiBuild'>;

/** Returns the activities of builds in the CI services that the configuration names. */
export function createCiBuilds(
  { config }: ActivityDeps,
  providers: Providers,
  timing: Partial<RemoteBuildTiming> = {},
): CiBuildActivities {
  const builds = remoteBuilds(timing);
  const opened = new Map<string, OpenedCi>();

  function settingsOf(build: string) {
    const settings = Object.hasOwn(config.builds, build) ? config.builds[build] : undefined;
    if (!settings) throw notConfigured(`there is no build ${JSON.stringify(build)}: add it under builds`);
    return settings;
  }

  function open(build: string): OpenedCi {
    const known = opened.get(build);
    if (known) return known;
    const settings = settingsOf(build);
    const ci = openRemoteCi(settings, {
      name: build,
      signal: () => Context.current().cancellationSignal,
      builds: async (source, repository) => (await providers.repository(source, repository))?.builds,
    });
    const made = { build, kind: settings.kind, ci };
    opened.set(build, made);
    return made;
  }

  return {
    async triggerCiBuild({ build, ref, sha, repository, parameters, correlation, callbackSignal, validForMs }) {
      const settings = settingsOf(build);
      // Whoever takes any request gets one in its body.
      const calls = settings.kind === 'http' || settings.callback !== undefined;
      const callback = { signal: callbackSignal, id: correlation, validForMs };
      const callbackUrl = calls ? callbackUrlFor(config, callback) : undefined;
      if (calls && callbackUrl === undefined && settings.kind !== 'http')
        throw notConfigured(`builds.${build}.callback needs server.publicUrl: set it, so that there is a URL to call`);
      const made = await builds.trigger(open(build), { ref, sha, parameters, correlation, callbackUrl });
      return {
        ...{ build, correlation, ...made },
        // A service that takes any request tells of no commit.
        ...(sha !== undefined && settings.kind !== 'http' && { sha, ...(repository !== undefined && { repository }) }),
        ...(callbackUrl !== undefined && { calls: true }),
      };
    },

    awaitCiBuild: ({ of, told = false }) => builds.wait(open(of.build), of, told),

    async lookAtCiBuild({ said, ...of }) {
      const ci = open(of.build);
      return (await (said ? builds.judge(ci, of, said) : builds.look(ci, of))) ?? null;
    },

    cancelCiBuild: ({ build, ...which }) => builds.cancel(open(build), which),
  };
}
