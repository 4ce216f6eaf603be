import { z } from 'zod';
import { repositoryOf } from '../../events/accessors.js';
import { isMade } from '../../events/synthesised-key.js';
import type { Store } from '../../store/store.js';
import { overwrite } from './put-record.js';
import { walkInbox } from './walk-inbox.js';

/** Repositories that were seen are kept with the synced records, under a name that automations can't write to. */
const SEEN = 'hookyard.repositories';
const REMEMBERED_MS = 30 * 86_400_000;
const MAX_REPOSITORIES = 500;
/** Repositories come again: what is beyond these shows up the next time. */
const MAX_DELIVERIES = 5_000;

/** `at`: of the last question. By name, when it was last seen. Unix ms, all of them. */
const seenSchema = z.object({ at: z.number(), names: z.record(z.string(), z.number()) });

/**
 * The repositories that a source's deliveries told of in the last 30 days, 500 at most, those seen last first. Only
 * what came since the last question is read; the rest is remembered. Deliveries of our own making don't count: a
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
  // A time to come is of a clock that was wrong: it says nothing.
  const since = kept && kept.at <= now ? Math.max(forgotten, kept.at - 60_000) : forgotten;
  await walkInbox(inbox, { source, since, most: MAX_DELIVERIES }, (delivery) => {
    if (isMade(delivery)) return;
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
  await overwrite(records, { collection: SEEN, key: source, data: { at: now, names: Object.fromEntries(recent) } });
  return recent.map(([name]) => name);
}
