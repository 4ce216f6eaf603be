import { z } from 'zod';
import { repositoryOf } from '../../events/about.js';
import type { Store } from '../../store/store.js';
import { walkInbox } from './walk-inbox.js';

/** Repositories that were seen are kept with the synced records, under a name that automations can't write to. */
const SEEN = 'hookyard.repositories';
const REMEMBERED_MS = 30 * 86_400_000;
const MOST_REPOSITORIES = 500;
/** Repositories come again: what is beyond these shows up the next time. */
const MOST_DELIVERIES = 5_000;

/** By name, when it was last seen (Unix ms). */
const seenSchema = z.object({ names: z.record(z.string(), z.number()) });

/**
 * The repositories that a source's deliveries told of in the last 30 days, 500 at most, those seen last first. Only
 * what came since the last question is read; the rest is remembered.
 */
export async function seenRepositories(
  { inbox, records }: Pick<Store, 'inbox' | 'records'>,
  source: string,
): Promise<string[]> {
  const now = Date.now();
  const record = await records.get(SEEN, source);
  const names = new Map(Object.entries(seenSchema.safeParse(record?.data).data?.names ?? {}));
  const since = Math.max(now - REMEMBERED_MS, Number(record?.version ?? 0) - 60_000);
  await walkInbox(inbox, { source, since, most: MOST_DELIVERIES }, ({ events, receivedAt }) => {
    for (const event of events) {
      const name = repositoryOf(event)?.fullName;
      if (name !== undefined) names.set(name, Math.max(receivedAt, names.get(name) ?? 0));
    }
  });
  const recent = [...names]
    .filter(([, at]) => at >= now - REMEMBERED_MS)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_REPOSITORIES);
  await records.upsert({
    collection: SEEN,
    key: source,
    version: now,
    data: { names: Object.fromEntries(recent) },
  });
  return recent.map(([name]) => name);
}
