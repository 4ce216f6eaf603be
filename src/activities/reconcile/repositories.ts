import { z } from 'zod';
import { repositoryOf } from '../../events/accessors.js';
import { isSynthesised } from '../../events/synthesised-key.js';
import type { Store } from '../../store/store.js';
import { putRecord } from './put-record.js';
import { walkInbox } from './walk-inbox.js';

/** Kept with the synced records, in a collection that automations can't write to. */
const SEEN = 'hookyard.repositories';
const REMEMBERED_MS = 30 * 86_400_000;
const MAX_REPOSITORIES = 500;
/** Read at once. A repository that only further ones name shows up another time. */
const MAX_DELIVERIES = 5_000;

/** `at`: when this was read; `names`: when each repository was last seen. Unix ms. */
const seenSchema = z.object({ at: z.number(), names: z.record(z.string(), z.number()) });

/**
 * Returns the names of the repositories that sent deliveries to a source in the last 30 days, those seen last first,
 * 500 at most. Reads only what came since the last call; the rest is stored. Synthesised deliveries don't count: a
 * repository whose webhook was removed would keep itself here for ever.
 */
export async function seenRepositories(
  { inbox, records }: Pick<Store, 'inbox' | 'records'>,
  source: string,
): Promise<string[]> {
  const now = Date.now();
  const kept = seenSchema.safeParse((await records.get(SEEN, source))?.data).data;
  const names = new Map(Object.entries(kept?.names ?? {}));
  const forgotten = now - REMEMBERED_MS;
  // A time in the future was written by a clock that was wrong.
  const since = kept && kept.at <= now ? Math.max(forgotten, kept.at - 60_000) : forgotten;
  await walkInbox(inbox, { source, since, limit: MAX_DELIVERIES }, (delivery) => {
    if (isSynthesised(delivery)) return;
    const receivedAt = Math.min(delivery.receivedAt, now);
    for (const event of delivery.events) {
      const name = repositoryOf(event)?.fullName;
      if (name !== undefined) names.set(name, Math.max(receivedAt, names.get(name) ?? 0));
    }
  });
  const recent = [...names]
    .map(([name, at]) => [name, Math.min(at, now)] as const)
    .filter(([, at]) => at >= forgotten)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MAX_REPOSITORIES);
  await putRecord(records, { collection: SEEN, key: source, data: { at: now, names: Object.fromEntries(recent) } });
  return recent.map(([name]) => name);
}
