import { Context } from '@temporalio/activity';
import { z } from 'zod';
import {
  type LostBuild,
  type MadeBuild,
  type NewBuild,
  RemoteCiError,
  type UntoldBuild,
} from '../../remote-ci/remote-ci.js';
import type { RemoteBuildOutcome } from '../contract/index.js';
import { refused } from '../failures.js';
import { isLaterAttempt, mayGoOn } from './build-may-exist.js';
import { callCi } from './call-ci.js';
import { about, type KnownBuild, lookAt, type OpenedCi, otherThan, pageOf, stateOf } from './look-at-build.js';
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
  /** How long one of another commit is tried to be cancelled, in milliseconds. */
  readonly cancelForMs: number;
}

const TIMING: RemoteBuildTiming = {
  running: { firstMs: 3_000, lastMs: 30_000, toleratedFailures: 10 },
  told: { firstMs: 30_000, lastMs: 120_000, toleratedFailures: 10 },
  finding: { firstMs: 2_000, lastMs: 15_000, toleratedFailures: 10 },
  findForMs: 60_000,
  lookBackMs: 60_000,
  commitForMs: 40_000,
  cancelForMs: 20_000,
};

/** How far a service's clock may be behind ours, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** The same where a build carries no id of ours: those of others that were made shortly before could be taken for it. */
const CLOSE_MS = 10_000;

/** How many builds are kept in mind. */
const MAX_NAMED = 1_000;

/** Heartbeat of an attempt that has had a build made whose name it does not know. */
const progressSchema = z.object({ since: z.number() });

/** A build that is to be cancelled: one that is known, or what may have been made. */
export interface BuildToCancel extends Pick<LostBuild, 'correlation'> {
  readonly ref?: LostBuild['ref'];
  readonly id?: string;
  /** Earliest time at which it can have been made, by our clock, Unix ms. */
  readonly since?: number;
  /** Whether one look has to do. */
  readonly once?: boolean;
}

/** Returns what all attempts of a trigger have in common: an answer of one may be lost that the next is told of again. */
function thisTrigger(): string {
  const { workflowExecution, activityId } = Context.current().info;
  return [workflowExecution?.workflowId, workflowExecution?.runId, activityId].join(' ');
}

/**
 * Returns what the activities of a build in any CI service do. A later attempt to trigger one looks for what an earlier attempt has
 * made; one that is made of another commit than was asked for does not count as passed.
 */
export function remoteBuilds(given: Partial<RemoteBuildTiming> = {}) {
  const timing = { ...TIMING, ...given };
  const { finding, findForMs, lookBackMs, commitForMs, cancelForMs } = timing;

  /** Builds that are known to be those of triggers, and of which: none of them is what another trigger has had made. */
  const named = new Map<string, string>();
  function noteNamed({ kind }: Pick<OpenedCi, 'kind'>, made: MadeBuild): MadeBuild {
    named.set(`${kind} ${made.id}`, thisTrigger());
    const [oldest] = named.keys();
    if (oldest !== undefined && named.size > MAX_NAMED) named.delete(oldest);
    return made;
  }
  const isOther =
    ({ kind }: Pick<OpenedCi, 'kind'>) =>
    (id: string) =>
      (named.get(`${kind} ${id}`) ?? thisTrigger()) !== thisTrigger();

  function find({ ci, ...called }: OpenedCi, lost: LostBuild, forMs: number, details?: object) {
    return poll(() => callCi(called, () => ci.find(lost)), { interval: finding, forMs, details });
  }

  /** Throws where a build that no id of ours can tell from others may be the one that an earlier attempt has had made. */
  async function ruleOut({ ci, ...called }: OpenedCi, lost: Omit<UntoldBuild, 'isOther'>): Promise<void> {
    if (!ci.ruleOut) return;
    const once = () =>
      callCi(called, async () => {
        await ci.ruleOut?.({ ...lost, isOther: isOther(called) });
        return undefined;
      });
    await poll(once, { interval: finding, forMs: lookBackMs });
  }

  async function findMade(opened: OpenedCi, lost: LostBuild): Promise<MadeBuild> {
    const { ci, ...called } = opened;
    const found = await find(opened, lost, findForMs, { since: lost.since });
    return (
      found ??
      callCi(called, async () => {
        if (ci.only) return ci.only({ ...lost, isOther: isOther(called) });
        throw new RemoteCiError('unusable', 'took the build, and lists none with our id');
      })
    );
  }

  /** Returns what an earlier attempt has had made. Throws where, without an id of ours, nobody can tell. */
  async function findEarlier(
    opened: OpenedCi,
    { ref, correlation }: Pick<NewBuild, 'ref' | 'correlation'>,
  ): Promise<MadeBuild | undefined> {
    const { scheduledTimestampMs, heartbeatDetails } = Context.current().info;
    const earlier = progressSchema.safeParse(heartbeatDetails).data;
    if (earlier) return findMade(opened, { ref, correlation, since: earlier.since });
    if (correlation === '') {
      await ruleOut(opened, { ref, since: scheduledTimestampMs - CLOSE_MS });
      return undefined;
    }
    return find(opened, { ref, correlation, since: scheduledTimestampMs - CLOCK_SKEW_MS }, lookBackMs);
  }

  /** Cancels what may have been made. Returns whether that was possible. */
  async function cancelLost(opened: OpenedCi, { once = false, ...lost }: Omit<BuildToCancel, 'id'>): Promise<boolean> {
    const { ci, ...called } = opened;
    const { correlation, ref, since = 0 } = lost;
    if (ci.abandon) return callCi(called, async () => ci.abandon?.(correlation) ?? false);
    if (correlation === '') return false;
    const made = await find(opened, { ref, correlation, since: since - CLOCK_SKEW_MS }, once ? 0 : lookBackMs);
    if (made) await callCi(about(ci, called, made.id), () => ci.cancel({ ...made, correlation }));
    return made !== undefined;
  }

  const look = (opened: OpenedCi, of: KnownBuild) => lookAt(opened, of, { interval: finding, forMs: cancelForMs });

  return {
    /** Has a build made, at most once whenever it can be told. */
    async trigger(opened: OpenedCi, build: NewBuild): Promise<MadeBuild> {
      const { ci, ...called } = opened;
      let mayBeMade = isLaterAttempt();
      try {
        if (mayBeMade) {
          const lost = await findEarlier(opened, build);
          if (lost) return noteNamed(opened, lost);
        }
        const made = await callCi(called, () => ci.trigger({ ...build, again: mayBeMade }));
        if ('id' in made) return noteNamed(opened, made);
        mayBeMade = true;
        const { ref, correlation } = build;
        return noteNamed(opened, await findMade(opened, { ref, correlation, since: made.since }));
      } catch (error) {
        throw mayBeMade ? mayGoOn(error) : error;
      }
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
    async judge(opened: OpenedCi, of: KnownBuild, said: RemoteBuildOutcome): Promise<RemoteBuildOutcome | undefined> {
      const told = async () => {
        const state = await stateOf(opened, of);
        return state.commits || state.outcome ? state : undefined;
      };
      const state = await poll(told, { interval: timing.running, forMs: commitForMs });
      if (!state) return of.sha === undefined ? said : undefined;
      const other = await otherThan(opened, state, of);
      if (other) return other(said.conclusion);
      const { outcome, conclusion } = state;
      if (outcome === undefined || outcome === 'passed') return said;
      return { outcome, passed: false, conclusion, ...pageOf(state, of) };
    },

    /** Throws where a build may go on that can't be found; not where the service has said that it makes none (`once`). */
    async cancel(opened: OpenedCi, { id, ...lost }: BuildToCancel): Promise<void> {
      const { ci, ...called } = opened;
      const { correlation, once } = lost;
      if (id !== undefined) return callCi(about(ci, called, id), () => ci.cancel({ id, correlation }));
      if ((await cancelLost(opened, lost)) || once) return;
      const { build, kind } = called;
      throw refused(
        ci.abandon
          ? `build ${build} (${kind}) may have been made, and go on: builds.${build}.cancelUrl, by which it would be cancelled, is not set`
          : `build ${build} (${kind}) may have been made, and is not listed with our id: look there, and cancel it if it is`,
      );
    },
  };
}
