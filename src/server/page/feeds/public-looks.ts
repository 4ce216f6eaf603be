import { createPace } from '../../../async/pace.js';
import { sharedAnswers } from '../../../async/shared-answer.js';
import type { ListedRun } from '../../api/contract.js';
import { HttpError } from '../../http/http-error.js';

/** What {@link createPublicLooks} works with. */
export interface PublicLooksDeps {
  readonly look: (query: Readonly<Record<string, unknown>>) => Promise<readonly ListedRun[]>;
  /** What is found is used so long. */
  readonly freshMs: number;
}

/** Looks for runs, and returns those of them that are picked, as they are public. Throws {@link HttpError} (429). */
export type PublicLooks = (
  query: Readonly<Record<string, unknown>>,
  pick: (runs: readonly ListedRun[]) => Promise<readonly ListedRun[]>,
) => Promise<readonly ListedRun[]>;

/** How often Temporal looks for those who have not signed in, all together: what they may ask for differs without end. */
const PACE = { burst: 60, perSecond: 2 };
/** Looks that are remembered. */
const MOST = 500;

/**
 * Creates what looks for those who have not signed in, at a pace. What has shown something lately has a pace of its own, and is kept
 * apart: whoever asks for names that are made up takes no badge from those who look at one that there is.
 */
export function createPublicLooks({ look, freshMs }: PublicLooksDeps): PublicLooks {
  const atPace = () => {
    const mayAsk = createPace(PACE);
    const ask = async (named: string) => {
      if (!mayAsk()) throw tooOften();
      return look(JSON.parse(named));
    };
    return sharedAnswers(ask, { freshMs, most: MOST });
  };
  const [again, first] = [atPace(), atPace()];
  /** The latest last. */
  const shown = new Set<string>();
  return async (query, pick) => {
    const named = JSON.stringify(query);
    const picked = await pick(await (shown.has(named) ? again : first)(named));
    shown.delete(named);
    if (picked.length > 0) shown.add(named);
    const [oldest = named] = shown;
    if (shown.size > MOST) shown.delete(oldest);
    return picked;
  };
}

function tooOften(): HttpError {
  return new HttpError(429, 'too much of what is public is asked for: try again in a moment', { 'retry-after': '2' });
}
