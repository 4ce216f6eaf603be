import { HttpError } from '../http/http-error.js';

/** Answers a visitor, by what they are called. Throws {@link HttpError} (429). */
export type VisitorRoom = <T>(who: string, answer: () => Promise<T>) => Promise<T>;

/** Of one visitor, who may be a whole team: all who use the API token, or this machine, are one. */
const AT_ONCE = 24;

/**
 * Returns a function that answers a visitor, unless so much is being answered for the same one already: it throws {@link HttpError} (429)
 * then, since others are to get their turn. `most`: of one visitor at a time.
 */
export function createVisitorRoom(most = AT_ONCE): VisitorRoom {
  const open = new Map<string, number>();
  return async (who, answer) => {
    const before = open.get(who) ?? 0;
    if (before >= most)
      throw new HttpError(429, 'too much is asked for at the same time: try again in a moment', { 'retry-after': '2' });
    open.set(who, before + 1);
    try {
      return await answer();
    } finally {
      const left = (open.get(who) ?? 1) - 1;
      if (left > 0) open.set(who, left);
      else open.delete(who);
    }
  };
}
