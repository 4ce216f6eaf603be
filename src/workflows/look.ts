import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow';
import type { ReconcileCounts, ReconcilePageResult, ReconcileTarget } from '../activities/contract.js';
import { plain } from '../events/markdown.js';
import { reconciling } from './activities.js';
import { reasonOf } from './failure.js';
import { inWords, NOTHING_YET, sum } from './look-counts.js';
import { story } from './story.js';

/** Where a look for missed deliveries has come to, over all the runs that it takes. */
export interface LookProgress {
  readonly targets: readonly ReconcileTarget[];
  readonly settleMs: number;
  /** How many targets are done. */
  readonly done: number;
  /** Where in the next one the look has come to. */
  readonly cursor?: string;
  readonly pages: number;
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

/** Of one look, over all its runs: what is beyond them, the next one sees. */
const MOST_PAGES = 2_000;
const MOST_SUSPECTS = 500;

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
  };
  const trouble = (name: string, because: string) => {
    at = { ...at, troubles: [...at.troubles, `${name}: ${because}`] };
    story.begin(name).end('error', plain(because));
  };
  /** A refusal is of this one target; anything else is trouble of the provider, and ends the look. */
  const orTold = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      trouble(name, reasonOf(error));
      return undefined;
    }
  };
  const sweep = (repository: string, suspects?: readonly string[]) =>
    reconciling.sweepRepository.executeWithOptions({ summary: repository }, [{ source, repository, suspects }]);

  const suspect = async (repository: string): Promise<undefined> => {
    const { seen, suspects } = await sweep(repository);
    const room = MOST_SUSPECTS - at.suspects.reduce((all, { keys }) => all + keys.length, 0);
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
      if (at.pages === MOST_PAGES) {
        trouble('the rest', `${MOST_PAGES} pages are enough for one look`);
        at = { ...at, done: at.targets.length };
        return tell();
      }
      const next = await orTold(nameOf(target), async () => {
        if (target.kind === 'state') return suspect(target.name);
        const input = { source, target, since, cursor: at.cursor };
        const found = await reconciling.reconcilePage.executeWithOptions({ summary: nameOf(target) }, [input]);
        count(nameOf(target), found);
        return found.next;
      });
      const { cursor: _, ...rest } = at;
      const place = next === undefined ? { done: at.done + 1 } : { cursor: next };
      at = { ...rest, ...place, pages: at.pages + 1 };
      tell();
    },

    async takeSuspects() {
      if (at.suspects.length === 0) return;
      await sleep(at.settleMs);
      for (const { repository, keys } of at.suspects) {
        await orTold(repository, async () => count(repository, { ...(await sweep(repository, keys)), seen: 0 }));
        tell();
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
