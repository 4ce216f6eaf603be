import { Context } from '@temporalio/activity';
import { z } from 'zod';
import {
  type BuildState,
  type LostBuild,
  type MadeBuild,
  type NewBuild,
  type RemoteCi,
  RemoteCiError,
} from '../../remote-ci/remote-ci.js';
import type { RemoteBuildOutcome } from '../contract/index.js';
import { type CalledCi, callCi } from './call-ci.js';
import { type PollInterval, poll } from './poll.js';

/** How long the activities of a build wait. */
export interface RemoteBuildTiming {
  /** While a build goes on. */
  readonly running: PollInterval;
  /** The same where something else tells of its end too. */
  readonly told: PollInterval;
  /** While a build is not listed yet: one whose answer was lost, or did not name it. */
  readonly finding: PollInterval;
  /** How long one that was made is looked for, in milliseconds. */
  readonly findForMs: number;
  /** How long one that may have been made is looked for before it is triggered again, in milliseconds. */
  readonly lookBackMs: number;
  /** How long its commit is asked for once it has called back, in milliseconds. */
  readonly commitForMs: number;
}

const TIMING: RemoteBuildTiming = {
  running: { firstMs: 3_000, lastMs: 30_000, toleratedFailures: 10 },
  told: { firstMs: 30_000, lastMs: 120_000, toleratedFailures: 10 },
  finding: { firstMs: 2_000, lastMs: 15_000, toleratedFailures: 10 },
  findForMs: 60_000,
  lookBackMs: 60_000,
  commitForMs: 40_000,
};

/** How far a service's clock may be behind ours, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Heartbeat of an attempt that has had a build made whose name it does not know. */
const progressSchema = z.object({ since: z.number() });

/** A CI service, and what it is called in messages. */
export interface OpenedCi extends Omit<CalledCi, 'id'> {
  readonly ci: RemoteCi;
}

/** A build that is looked at. */
export interface KnownBuild extends MadeBuild, Pick<NewBuild, 'correlation'> {
  /** The commit that it should be made of. */
  readonly sha?: string;
  /** Whose commit that is, `owner/name`. */
  readonly repository?: string;
}

/** A build that is to be cancelled: one that is known, or what may have been made. */
export interface BuildToCancel extends Pick<LostBuild, 'correlation'> {
  readonly ref?: LostBuild['ref'];
  readonly id?: string;
  /** Earliest time at which it can have been made, by our clock, Unix ms. */
  readonly since?: number;
  /** Whether one look has to do. */
  readonly once?: boolean;
}

/**
 * Returns what the activities of a build in any CI service do. A later attempt to trigger one looks for what an earlier attempt has
 * made; one that is made of another commit than was asked for does not count as passed.
 */
export function remoteBuilds(given: Partial<RemoteBuildTiming> = {}) {
  const timing = { ...TIMING, ...given };
  const { finding, findForMs, lookBackMs, commitForMs } = timing;

  function find({ ci, ...called }: OpenedCi, lost: LostBuild, forMs: number, details?: object) {
    return poll(() => callCi(called, () => ci.find(lost)), { interval: finding, forMs, details });
  }

  async function findMade(opened: OpenedCi, lost: LostBuild): Promise<MadeBuild> {
    const { ci, ...called } = opened;
    const found = await find(opened, lost, findForMs, { since: lost.since });
    return (
      found ??
      callCi(called, async () => {
        if (ci.only) return ci.only(lost);
        throw new RemoteCiError('unusable', 'took the build, and lists none with our id');
      })
    );
  }

  /** Looks once; undefined while the build goes on. One that is made of another commit is cancelled. */
  async function look({ ci, ...called }: OpenedCi, of: KnownBuild): Promise<RemoteBuildOutcome | undefined> {
    const known = about(ci, called, of.id);
    const state = await callCi(known, () => ci.look(of));
    const { outcome, conclusion } = state;
    if (!isOther(state, of))
      return outcome && { outcome, passed: outcome === 'passed', conclusion, ...pageOf(state, of) };
    if (!outcome) await callCi(known, () => ci.cancel(of));
    return otherCommit({ ...state, conclusion: outcome ? conclusion : 'cancelled' }, of);
  }

  return {
    /** Has a build made, at most once whenever it can be told. */
    async trigger(opened: OpenedCi, build: NewBuild): Promise<MadeBuild> {
      const { ci, ...called } = opened;
      const { attempt, scheduledTimestampMs, heartbeatDetails } = Context.current().info;
      const { ref, correlation } = build;
      if (attempt > 1) {
        const earlier = progressSchema.safeParse(heartbeatDetails).data;
        if (earlier) return findMade(opened, { ref, correlation, since: earlier.since });
        const since = scheduledTimestampMs - CLOCK_SKEW_MS;
        const lost = await find(opened, { ref, correlation, since }, lookBackMs);
        if (lost) return lost;
      }
      const made = await callCi(called, () => ci.trigger(build));
      return 'id' in made ? made : findMade(opened, { ref, correlation, since: made.since });
    },

    /** Waits until a build has ended, or shows that it is made of another commit. */
    async wait(opened: OpenedCi, of: KnownBuild, isTold = false): Promise<RemoteBuildOutcome> {
      const ended = await poll(() => look(opened, of), { interval: isTold ? timing.told : timing.running });
      if (ended) return ended;
      throw new Error(`build ${opened.build} did not end`);
    },

    look,

    /**
     * Returns what a build has said of its end, unless it turns out to be made of another commit, or to have ended otherwise; undefined
     * while it goes on and nobody can tell what it is made of.
     */
    async judge(
      { ci, ...called }: OpenedCi,
      of: KnownBuild,
      said: RemoteBuildOutcome,
    ): Promise<RemoteBuildOutcome | undefined> {
      const told = async () => {
        const state = await callCi(about(ci, called, of.id), () => ci.look(of));
        return state.commits || state.outcome ? state : undefined;
      };
      const state = await poll(told, { interval: timing.running, forMs: commitForMs });
      if (!state) return of.sha === undefined ? said : undefined;
      if (isOther(state, of)) return otherCommit({ ...state, ...said }, of);
      const { outcome, conclusion } = state;
      if (outcome === undefined || outcome === 'passed') return said;
      return { outcome, passed: false, conclusion, ...pageOf(state, of) };
    },

    async cancel(opened: OpenedCi, build: BuildToCancel): Promise<void> {
      const { ci, ...called } = opened;
      const { id, correlation, ref, since = 0, once = false } = build;
      if (id !== undefined) return callCi(about(ci, called, id), () => ci.cancel({ id, correlation }));
      if (ci.abandon) return callCi(called, () => (ci.abandon as NonNullable<RemoteCi['abandon']>)(correlation));
      const made = await find(opened, { ref, correlation, since: since - CLOCK_SKEW_MS }, once ? 0 : lookBackMs);
      if (made) await callCi(about(ci, called, made.id), () => ci.cancel({ ...made, correlation }));
    },
  };
}

/** Names a build in messages, unless its id is for us alone. */
function about({ hidesIds }: RemoteCi, called: Omit<CalledCi, 'id'>, id: string): CalledCi {
  return hidesIds ? called : { ...called, id };
}

function otherCommit(state: BuildState, of: KnownBuild): RemoteBuildOutcome {
  const { conclusion, commits = [] } = state;
  const said = `${conclusion}, of commit ${commits.map(short).join(', ')} and not of ${short(of.sha ?? '')}`;
  return { outcome: 'failed', passed: false, conclusion: said, ...pageOf(state, of) };
}

function pageOf({ url: told }: BuildState, of: KnownBuild): { readonly url?: string } {
  const url = told ?? of.url;
  return url === undefined ? {} : { url };
}

function isOther({ commits }: Pick<BuildState, 'commits'>, { sha }: KnownBuild): boolean {
  return sha !== undefined && commits !== undefined && !commits.some((one) => one.toLowerCase() === sha.toLowerCase());
}

function short(sha: string): string {
  return sha.slice(0, 7);
}
