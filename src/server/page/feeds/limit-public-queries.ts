import { sharedAnswers } from '../../../async/shared-answer.js';
import { createTokenBucket } from '../../../async/token-bucket.js';
import type { ListedRun } from '../../api/contract.js';
import { HttpError } from '../../http/http-error.js';

/** What {@link limitPublicQueries} works with. */
export interface PublicQueriesDeps {
  readonly look: (query: Readonly<Record<string, unknown>>) => Promise<readonly ListedRun[]>;
  /** What is found is used so long. */
  readonly freshMs: number;
}

/** Looks for runs, and returns those of them that are picked, as they are public. Throws {@link HttpError} (429). */
export type QueryPublic = (
  query: Readonly<Record<string, unknown>>,
  pick: (runs: readonly ListedRun[]) => Promise<readonly ListedRun[]>,
) => Promise<readonly ListedRun[]>;

/** How often Temporal looks for those who have not signed in, all together: what they may ask for differs without end. */
const RATE = { burst: 60, perSecond: 2 };
/** Looks that are remembered. */
const MOST = 500;

/**
 * Returns what looks for those who have not signed in, at a limited rate. What has shown something lately has a limit of its own, and is
 * kept apart: whoever asks for names that are made up takes no badge from those who look at one that there is.
 */
export function limitPublicQueries({ look, freshMs }: PublicQueriesDeps): QueryPublic {
  const limited = () => {
    const mayAsk = createTokenBucket(RATE);
    const ask = async (named: string) => {
      if (!mayAsk()) throw tooOften();
      return look(JSON.parse(named));
    };
    return sharedAnswers(ask, { freshMs, most: MOST });
  };
  const [again, first] = [limited(), limited()];
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
