import { sharedAnswer } from '../async/shared-answer.js';
import type { Backlog, Inbox } from '../store/store.js';

const FRESH_MS = 1_000;

const questions = new WeakMap<object, () => Promise<Backlog>>();

/** Returns the inbox's backlog, counted at most once a second: all who ask meanwhile share the count. */
export function recentBacklog(inbox: Pick<Inbox, 'backlog'>): Promise<Backlog> {
  const known = questions.get(inbox);
  if (known) return known();
  const ask = sharedAnswer(() => inbox.backlog(), FRESH_MS);
  questions.set(inbox, ask);
  return ask();
}
