import type { RepositoryApi } from '../../providers/api.js';
import { ProviderError } from '../../providers/error.js';
import type { Report, StatusBook } from './status-book.js';

/** How often a report is followed by what was noted while it was written. Each is another run's, or the run's end. */
const MAX_FOLLOWED = 5;

/**
 * Writes a report that was noted, and after it what was noted meanwhile: of two writes that are under way the provider may
 * take either last. A report that the provider refuses is settled, since it would be refused again. Throws as the API does.
 */
export async function writeReport(
  { api, book }: { api: Pick<RepositoryApi, 'writeStatus'>; book: StatusBook },
  report: Report,
): Promise<void> {
  let latest = report;
  for (let followed = 0; followed <= MAX_FOLLOWED; followed++) {
    await write({ api, book }, latest);
    const newest = await book.newest(latest);
    if (!newest || newest.order <= latest.order) return;
    latest = newest;
  }
}

async function write(
  { api, book }: { api: Pick<RepositoryApi, 'writeStatus'>; book: StatusBook },
  report: Report,
): Promise<void> {
  const { sha, state, context, description, targetUrl } = report;
  try {
    await api.writeStatus?.({ sha, state, context, description, ...(targetUrl !== undefined && { targetUrl }) });
  } catch (error) {
    if (error instanceof ProviderError && error.kind !== 'unavailable') await book.settle(report);
    throw error;
  }
  await book.settle(report);
}
