import { isEdited } from '../events/edited-key.js';
import type { DeliveryRecord, Inbox } from './contract/inbox.js';

const PER_PAGE = 200;
const MAX_PAGES = 25;

/**
 * Yields the deliveries of a source from the newest on, 5,000 at most, without those that somebody made by editing another one:
 * they tell nothing of how repositories stand. With `repository` (`owner/name`), only those about it. Those that share a millisecond may be yielded twice.
 * Whoever ends the loop reads no further page.
 */
export async function* newestFirst(
  inbox: Pick<Inbox, 'list'>,
  source: string,
  { repository }: { readonly repository?: string } = {},
): AsyncGenerator<DeliveryRecord> {
  let before = Number.MAX_SAFE_INTEGER;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await inbox.list({ source, limit: PER_PAGE, before, ...(repository !== undefined && { repository }) });
    for (const delivery of page) if (!isEdited(delivery)) yield delivery;
    const last = page[PER_PAGE - 1];
    if (last === undefined) return;
    // Several may have come within one millisecond.
    before = last.receivedAt + 1;
  }
}
