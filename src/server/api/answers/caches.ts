import { clearCaches, listCaches } from '../caches.js';
import type { CachesAnswer, ClearCachesAnswer } from '../contract.js';
import { cachesQuery } from '../queries/caches.js';
import { readQuery } from '../query.js';
import { whoOf } from './acts.js';
import type { SharedDeps } from './deps.js';
import type { AnswerRequest, ChangeRequest } from './request.js';

/** Returns what is answered about what jobs have cached. */
export function cacheAnswers({ acts, inTurn, store: { records } }: SharedDeps) {
  return {
    caches({ query }: AnswerRequest): Promise<CachesAnswer> {
      const asked = readQuery(cachesQuery, query);
      return inTurn(() => listCaches(records, asked));
    },
    async clearCaches({ body, ...who }: ChangeRequest): Promise<ClearCachesAnswer> {
      const answer = await inTurn(() => clearCaches(records, body));
      const { source, repository, branch, key, after } = body as { readonly [name: string]: unknown };
      const named = [source, repository, branch, key].filter((one) => one !== undefined);
      // A page at a time: the first says it for all.
      if (after === undefined) await acts.record({ ...whoOf(who), act: 'clear caches', on: named.join(' ') || 'all' });
      return answer;
    },
  };
}
