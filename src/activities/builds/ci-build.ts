import { Context } from '@temporalio/activity';
import { openRemoteCi } from '../../remote-ci/index.js';
import type { EndedBuild, LostBuild, MadeBuild, RemoteCi } from '../../remote-ci/remote-ci.js';
import type { Activities, CiBuild, RemoteBuildOutcome } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured } from '../failures.js';
import { callCi } from './call-ci.js';
import { callbackUrlFor } from './callback-url.js';
import { type PollInterval, poll } from './poll.js';

/** The activities of a build in a CI service. */
export type CiBuildActivities = Pick<Activities, 'triggerCiBuild' | 'awaitCiBuild' | 'lookAtCiBuild' | 'cancelCiBuild'>;

/** How long the activities wait. */
export interface CiBuildTiming {
  /** While a build goes on. */
  readonly running: PollInterval;
  /** The same where something else tells of its end too. */
  readonly told: PollInterval;
  /** While a build whose answer was lost is not listed yet. */
  readonly finding: PollInterval;
  /** How long that is waited for before it is triggered again, in milliseconds. */
  readonly lookBackMs: number;
}

const TIMING: CiBuildTiming = {
  running: { firstMs: 3_000, lastMs: 30_000, toleratedFailures: 10 },
  told: { firstMs: 30_000, lastMs: 120_000, toleratedFailures: 10 },
  finding: { firstMs: 2_000, lastMs: 5_000, toleratedFailures: 10 },
  lookBackMs: 10_000,
};

/** How far a service's clock may be behind ours, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Returns the activities of builds in the CI services that the configuration names. A later attempt to trigger one looks for what
 * an earlier attempt has made.
 */
export function createCiBuilds({ config }: ActivityDeps, timing: Partial<CiBuildTiming> = {}): CiBuildActivities {
  const { running, told, finding, lookBackMs } = { ...TIMING, ...timing };
  const opened = new Map<string, RemoteCi>();

  function settingsOf(build: string) {
    const settings = Object.hasOwn(config.builds, build) ? config.builds[build] : undefined;
    if (!settings) throw notConfigured(`there is no build ${JSON.stringify(build)}: add it under builds`);
    return settings;
  }

  function open(build: string): RemoteCi {
    const settings = settingsOf(build);
    const ci =
      opened.get(build) ?? openRemoteCi(settings, { name: build, signal: () => Context.current().cancellationSignal });
    opened.set(build, ci);
    return ci;
  }

  const findLost = (build: string, lost: LostBuild): Promise<MadeBuild | undefined> =>
    poll(() => callCi(build, () => open(build).find(lost)), { interval: finding, forMs: lookBackMs });

  return {
    async triggerCiBuild({ build, ref, sha, parameters, correlation, callbackSignal, validForMs }) {
      const ci = open(build);
      const { attempt, scheduledTimestampMs } = Context.current().info;
      const settings = settingsOf(build);
      // Whoever takes any request gets one in its body.
      const calls = settings.kind === 'http' || settings.callback !== undefined;
      const callback = { signal: callbackSignal, id: correlation, validForMs };
      const callbackUrl = calls ? callbackUrlFor(config, callback) : undefined;
      if (calls && callbackUrl === undefined && settings.kind !== 'http')
        throw notConfigured(`builds.${build}.callback needs server.publicUrl: set it, so that there is a URL to call`);
      const lost = { ref, correlation, since: scheduledTimestampMs - CLOCK_SKEW_MS };
      const made =
        (attempt > 1 ? await findLost(build, lost) : undefined) ??
        (await callCi(build, () => ci.trigger({ ref, sha, parameters, correlation, callbackUrl })));
      return { build, correlation, ...made, ...(callbackUrl !== undefined && { calls: true }) };
    },

    async awaitCiBuild({ of, told: isTold }) {
      const { build } = of;
      const ci = open(build);
      const look = () => callCi(build, () => ci.look(of));
      const ended = await poll(look, { interval: isTold ? told : running });
      if (ended) return outcomeOf(ended, of);
      throw new Error(`build ${build} did not end`);
    },

    async lookAtCiBuild(of) {
      const ended = await callCi(of.build, () => open(of.build).look(of));
      return ended ? outcomeOf(ended, of) : null;
    },

    async cancelCiBuild({ build, id, correlation, ref, since = 0 }) {
      const made =
        id === undefined ? await findLost(build, { ref, correlation, since: since - CLOCK_SKEW_MS }) : { id };
      if (made) await callCi(build, () => open(build).cancel({ ...made, correlation }));
    },
  };
}

function outcomeOf({ outcome, conclusion, url }: EndedBuild, of: CiBuild): RemoteBuildOutcome {
  const page = url ?? of.url;
  return { outcome, passed: outcome === 'passed', conclusion, ...(page !== undefined && { url: page }) };
}
