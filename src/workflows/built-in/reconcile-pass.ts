import { ActivityFailure, ApplicationFailure, isCancellation, sleep } from '@temporalio/workflow';
import type { ReconcileCounts, ReconcilePageResult, ReconcileTarget } from '../../activities/contract/index.js';
import { plain } from '../../events/markdown.js';
import { reconciling } from '../run/activities.js';
import { reasonOf } from '../run/failure.js';
import { story } from '../run/progress.js';
import { inWords, NOTHING_YET, sum } from './reconcile-counts.js';

/** Where a look for missed deliveries has come to, over all the runs that it takes. */
export interface LookProgress {
  readonly targets: readonly ReconcileTarget[];
  readonly settleMs: number;
  /** How many targets are done. */
  readonly done: number;
  /** Where in the next one the look has come to. */
  readonly cursor?: string;
  /** How many hooks lead here, of all that keep a list; undefined before one was asked for. */
  readonly hooks?: number;
  /** How many targets failed in a row, other than by a refusal. */
  readonly failures?: number;
  readonly counts: ReconcileCounts;
  /** Changes that nobody told of yet, by repository. */
  readonly suspects: readonly { readonly repository: string; readonly keys: readonly string[] }[];
  /** What could not be looked at, and why. */
  readonly troubles: readonly string[];
}

export interface Look {
  readonly ended: () => boolean;
  readonly progress: () => LookProgress;
  /** Looks at the next page, of the target whose turn it is. */
  page(): Promise<void>;
  /** Gives what seems to be missing the time that its own delivery may take, and then takes in what still is. */
  takeSuspects(): Promise<void>;
}

/** In a row. Each has been tried again for long: the provider is away, or as good as. */
const MAX_FAILURES = 3;
const MAX_SUSPECTS = 500;
const MAX_TROUBLES = 100;
const NOBODY_SENDS =
  'none of the hooks that were looked at leads here: make one, or set server.publicUrl, or reconcile.organisations';

/** A look at one source, from where it has come to. `since`: ISO 8601, where somebody asked for it. */
export function createLook(
  { source, since }: { source: string; since: string | undefined },
  begun: LookProgress,
): Look {
  let at = begun;
  const overall = story.begin(`Source ${source}`);
  const tell = () => {
    const outcome = !ended() ? 'running' : at.troubles.length > 0 ? 'error' : 'passed';
    overall.end(outcome, `${at.done} of ${at.targets.length} looked at; ${inWords(at.counts)}`);
  };
  const ended = () => at.done >= at.targets.length;

  const count = (name: string, found: ReconcileCounts & Pick<ReconcilePageResult, 'hooks'>) => {
    at = { ...at, counts: sum(at.counts, found) };
    if (found.hooks === 0) story.begin(name).end('passed', 'has no hook that leads here');
    if (found.missing > 0) story.begin(name).end('passed', inWords(found));
    if (found.hooks !== undefined) at = { ...at, hooks: (at.hooks ?? 0) + found.hooks };
  };
  const trouble = (name: string, because: string) => {
    const told = `${name}: ${because}`;
    // Pages of one target may say the same.
    if (at.troubles.includes(told) || at.troubles.length === MAX_TROUBLES) return;
    at = { ...at, troubles: [...at.troubles, told] };
    story.begin(name).end('error', plain(because));
  };
  /** A refusal is of this one target; anything else may be as well, or trouble of the provider. */
  const orTold = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const done = await work();
      at = { ...at, failures: 0 };
      return done;
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      at = { ...at, failures: isRefusal(error) ? 0 : (at.failures ?? 0) + 1 };
      trouble(name, reasonOf(error));
      return undefined;
    }
  };
  const isAway = () => (at.failures ?? 0) >= MAX_FAILURES;
  const leaveTheRest = () => trouble('the rest', `left for the next look, after ${MAX_FAILURES} failures in a row`);
  const tellIfNobodySends = () => {
    // Where something could not be looked at, there may be one.
    if (at.hooks === 0 && at.troubles.length === 0) trouble(`source ${source}`, NOBODY_SENDS);
  };
  const sweep = (repository: string, suspects?: readonly string[]) =>
    reconciling.sweepRepository.executeWithOptions({ summary: repository }, [{ source, repository, suspects }]);

  const suspect = async (repository: string): Promise<undefined> => {
    const { seen, suspects, trouble: told } = await sweep(repository);
    if (told !== undefined) trouble(repository, told);
    const room = MAX_SUSPECTS - at.suspects.reduce((all, { keys }) => all + keys.length, 0);
    const keys = suspects.slice(0, room);
    at = {
      ...at,
      counts: sum(at.counts, { ...NOTHING_YET, seen }),
      suspects: keys.length > 0 ? [...at.suspects, { repository, keys }] : at.suspects,
    };
  };

  tell();
  return {
    ended,
    progress: () => at,

    async page() {
      const target = at.targets[at.done];
      if (!target) return;
      const next = await orTold(nameOf(target), async () => {
        if (target.kind === 'state') return suspect(target.name);
        const input = { source, target, since, cursor: at.cursor };
        const found = await reconciling.reconcilePage.executeWithOptions({ summary: nameOf(target) }, [input]);
        count(nameOf(target), found);
        for (const told of found.troubles ?? []) trouble(nameOf(target), told);
        return found.next;
      });
      const { cursor: _, ...rest } = at;
      const place = next === undefined ? { done: at.done + 1 } : { cursor: next };
      at = { ...rest, ...place };
      if (isAway() && !ended()) {
        leaveTheRest();
        at = { ...at, done: at.targets.length };
      }
      if (ended()) tellIfNobodySends();
      tell();
    },

    async takeSuspects() {
      if (at.suspects.length === 0) return;
      await sleep(at.settleMs);
      at = { ...at, failures: 0 };
      for (const { repository, keys } of at.suspects) {
        await orTold(repository, async () => {
          const found = await sweep(repository, keys);
          count(repository, { ...found, seen: 0 });
          if (found.trouble !== undefined) trouble(repository, found.trouble);
        });
        tell();
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
