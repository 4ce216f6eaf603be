import { sharedAnswer } from '../async/shared-answer.js';
import type { Backlog, Inbox } from '../store/store.js';

const FRESH_MS = 1_000;

const questions = new WeakMap<object, () => Promise<Backlog>>();

/** The inbox's backlog, as it was a second ago or when it was last counted. All who ask share one answer. */
export function recentBacklog(inbox: Pick<Inbox, 'backlog'>): Promise<Backlog> {
  const known = questions.get(inbox);
  if (known) return known();
  const ask = sharedAnswer(() => inbox.backlog(), FRESH_MS);
  questions.set(inbox, ask);
  return ask();
}
