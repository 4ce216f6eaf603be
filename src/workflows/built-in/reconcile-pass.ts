import { ActivityFailure, ApplicationFailure, isCancellation, sleep } from '@temporalio/workflow';
import type { ReconcileCounts, ReconcilePageResult, ReconcileTarget } from '../../activities/contract/index.js';
import { plain } from '../../events/markdown.js';
import { reconciling } from '../run/activities.js';
import { reasonOf } from '../run/failure.js';
import { progress } from '../run/progress.js';
import { inWords, NO_COUNTS, sum } from './reconcile-counts.js';

/** How far a pass has come, over all the runs that it takes. Stored as their input, so its fields keep their names. */
export interface PassProgress {
  readonly targets: readonly ReconcileTarget[];
  /** How long a missing change waits for its own delivery before it is brought in. */
  readonly settleMs: number;
  /** How many targets are done. */
  readonly done: number;
  /** Where in the next target the pass goes on. */
  readonly cursor?: string;
  /** How many hooks lead here, of the targets that list their deliveries; undefined before the first of those. */
  readonly hooks?: number;
  /** How many targets in a row have failed, refusals aside. */
  readonly failures?: number;
  readonly counts: ReconcileCounts;
  /** Changes that no delivery has reported yet, by repository. */
  readonly suspects: readonly { readonly repository: string; readonly keys: readonly string[] }[];
  /** What could not be compared, and why. */
  readonly troubles: readonly string[];
}

/** A pass over one source, page by page. */
export interface ReconcilePass {
  readonly ended: () => boolean;
  readonly progress: () => PassProgress;
  /** Compares the next page of the target whose turn it is. */
  page(): Promise<void>;
  /** Waits for as long as a late delivery may take, and then brings in the changes that are still missing. */
  takeSuspects(): Promise<void>;
}

/** In a row. Each was retried for long, so the provider is down, or as good as. */
const MAX_FAILURES = 3;
const MAX_SUSPECTS = 500;
const MAX_TROUBLES = 100;
const NO_HOOKS =
  'none of the hooks that were looked at leads here: make one, or set server.publicUrl, or reconcile.organisations';

/** Returns a pass over one source, from where it has come to. `since`: ISO 8601, of a pass that somebody asked for. */
export function createPass(
  { source, since }: { source: string; since: string | undefined },
  begun: PassProgress,
): ReconcilePass {
  let at = begun;
  const overall = progress.step(`Source ${source}`);
  const publish = () => {
    const outcome = !ended() ? 'running' : at.troubles.length > 0 ? 'error' : 'passed';
    overall.end(outcome, `${at.done} of ${at.targets.length} looked at; ${inWords(at.counts)}`);
  };
  const ended = () => at.done >= at.targets.length;

  const count = (name: string, found: ReconcileCounts & Pick<ReconcilePageResult, 'hooks'>) => {
    at = { ...at, counts: sum(at.counts, found) };
    if (found.hooks === 0) progress.step(name).end('passed', 'has no hook that leads here');
    if (found.missing > 0) progress.step(name).end('passed', inWords(found));
    if (found.hooks !== undefined) at = { ...at, hooks: (at.hooks ?? 0) + found.hooks };
  };
  const addTrouble = (name: string, because: string) => {
    const trouble = `${name}: ${because}`;
    // Pages of one target may say the same.
    if (at.troubles.includes(trouble) || at.troubles.length === MAX_TROUBLES) return;
    at = { ...at, troubles: [...at.troubles, trouble] };
    progress.step(name).end('error', plain(because));
  };
  /** A refusal is about this one target; anything else may be too, or may be an outage of the provider. */
  const orAddTrouble = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const done = await work();
      at = { ...at, failures: 0 };
      return done;
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      at = { ...at, failures: isRefusal(error) ? 0 : (at.failures ?? 0) + 1 };
      addTrouble(name, reasonOf(error));
      return undefined;
    }
  };
  const isAway = () => (at.failures ?? 0) >= MAX_FAILURES;
  const leaveTheRest = () => addTrouble('the rest', `left for the next look, after ${MAX_FAILURES} failures in a row`);
  const checkHooks = () => {
    // A target that could not be compared may have one.
    if (at.hooks === 0 && at.troubles.length === 0) addTrouble(`source ${source}`, NO_HOOKS);
  };
  const sweep = (repository: string, suspects?: readonly string[]) =>
    reconciling.sweepRepository.executeWithOptions({ summary: repository }, [{ source, repository, suspects }]);

  const findSuspects = async (repository: string): Promise<undefined> => {
    const { seen, suspects, trouble } = await sweep(repository);
    if (trouble !== undefined) addTrouble(repository, trouble);
    const room = MAX_SUSPECTS - at.suspects.reduce((all, { keys }) => all + keys.length, 0);
    const keys = suspects.slice(0, room);
    at = {
      ...at,
      counts: sum(at.counts, { ...NO_COUNTS, seen }),
      suspects: keys.length > 0 ? [...at.suspects, { repository, keys }] : at.suspects,
    };
  };

  publish();
  return {
    ended,
    progress: () => at,

    async page() {
      const target = at.targets[at.done];
      if (!target) return;
      const next = await orAddTrouble(nameOf(target), async () => {
        if (target.kind === 'state') return findSuspects(target.name);
        const input = { source, target, since, cursor: at.cursor };
        const found = await reconciling.reconcilePage.executeWithOptions({ summary: nameOf(target) }, [input]);
        count(nameOf(target), found);
        for (const trouble of found.troubles ?? []) addTrouble(nameOf(target), trouble);
        return found.next;
      });
      const { cursor: _, ...rest } = at;
      const place = next === undefined ? { done: at.done + 1 } : { cursor: next };
      at = { ...rest, ...place };
      if (isAway() && !ended()) {
        leaveTheRest();
        at = { ...at, done: at.targets.length };
      }
      if (ended()) checkHooks();
      publish();
    },

    async takeSuspects() {
      if (at.suspects.length === 0) return;
      await sleep(at.settleMs);
      at = { ...at, failures: 0 };
      for (const { repository, keys } of at.suspects) {
        await orAddTrouble(repository, async () => {
          const found = await sweep(repository, keys);
          count(repository, { ...found, seen: 0 });
          if (found.trouble !== undefined) addTrouble(repository, found.trouble);
        });
        publish();
        if (isAway()) return leaveTheRest();
      }
    },
  };
}

function nameOf(target: ReconcileTarget): string {
  return target.kind === 'own' ? 'hooks above repositories' : `${target.kind} ${target.name}`;
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true
  );
}
