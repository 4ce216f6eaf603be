import { repositoryOf } from '../../events/accessors.js';
import { isSynthesised } from '../../events/synthesised-key.js';
import type { Store } from '../../store/store.js';
import { presentName, readKnown, writeKnown } from './known-repositories.js';
import { walkInbox } from './walk-inbox.js';

const REMEMBERED_MS = 30 * 86_400_000;
const MAX_REPOSITORIES = 500;
/** Read at once. A repository that only further ones name shows up another time. */
const MAX_DELIVERIES = 5_000;

/**
 * Returns the names of the repositories that sent deliveries to a source in the last 30 days, those seen last first,
 * 500 at most, each under its newest name. Reads only what came since the last call; the rest is stored. Synthesised
 * deliveries don't count: a repository whose webhook was removed would keep itself here for ever.
 */
export async function seenRepositories(
  { inbox, records }: Pick<Store, 'inbox' | 'records'>,
  source: string,
): Promise<string[]> {
  const now = Date.now();
  const kept = await readKnown(records, source);
  const forgotten = now - REMEMBERED_MS;
  const names = new Map(kept?.names);
  const ids = new Map(kept?.ids);
  // A time in the future was written by a clock that was wrong.
  const since = kept && kept.at <= now ? Math.max(forgotten, kept.at - 60_000) : forgotten;
  await walkInbox(inbox, { source, since, limit: MAX_DELIVERIES }, (delivery) => {
    if (isSynthesised(delivery)) return;
    const receivedAt = Math.min(delivery.receivedAt, now);
    for (const event of delivery.events) {
      const repository = repositoryOf(event);
      if (!repository) continue;
      const { fullName, id } = repository;
      names.set(fullName, Math.max(receivedAt, names.get(fullName) ?? 0));
      // A payload without an id has the name in its place.
      if (id !== fullName && receivedAt >= (ids.get(fullName)?.at ?? 0)) ids.set(fullName, { id, at: receivedAt });
    }
  });
  const called = new Map<string, number>();
  for (const [name, at] of names) {
    const present = presentName({ ids }, name);
    called.set(present, Math.max(Math.min(at, now), called.get(present) ?? 0));
  }
  const recent = [...called]
    .filter(([, at]) => at >= forgotten)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_REPOSITORIES);
  await writeKnown(records, source, { at: now, names: new Map(recent), ids });
  return recent.map(([name]) => name);
}
