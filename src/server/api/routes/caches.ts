import { clearCachesBody } from '../caches.js';
import { cachesAnswer, clearCachesAnswer } from '../contract/caches.js';
import { cachesQuery } from '../queries/caches.js';
import { get, post, type Route } from '../route.js';

/** What jobs have cached. */
export const cacheRoutes: readonly Route[] = [
  get('/caches', {
    name: 'listCaches',
    says: 'Lists what jobs have cached.',
    query: cachesQuery,
    answer: cachesAnswer,
    give: (answers, asked) => answers.caches(asked),
  }),
  post('/caches/clear', {
    name: 'clearCaches',
    says: 'Removes a page of what jobs have cached: they make it anew.',
    body: clearCachesBody,
    answer: clearCachesAnswer,
    give: (answers, asked) => answers.clearCaches(asked),
  }),
];
