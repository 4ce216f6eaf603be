import { isEdited } from '../../events/edited-key.js';
import type { DeliveryRecord, Inbox } from '../../store/store.js';

/** A way through the inbox, page by page. */
export interface Walk {
  readonly source: string;
  /** Unix ms. */
  readonly since: number;
  /** How many deliveries are read at most. */
  readonly limit: number;
}

const PER_PAGE = 200;

/** Calls `visit` with what a source has sent, newest first, and with nothing that somebody has edited. Returns whether these were all that came since then. */
export async function walkInbox(
  inbox: Pick<Inbox, 'list'>,
  { source, since, limit }: Walk,
  visit: (delivery: DeliveryRecord) => void,
): Promise<boolean> {
  let before: number | undefined;
  let left = limit;
  let last = new Set<string>();
  for (;;) {
    const page = await inbox.list({ source, limit: PER_PAGE, ...(before !== undefined && { before }) });
    // Several may have come within one millisecond, on both sides of a page's end.
    const fresh = page.filter(({ id }) => !last.has(id));
    for (const delivery of fresh) {
      if (delivery.receivedAt < since) return true;
      if (left-- === 0) return false;
      if (!isEdited(delivery)) visit(delivery);
    }
    const end = page.at(-1);
    if (!end || page.length < PER_PAGE) return true;
    // More than a page came within one millisecond: what is behind it can't be listed.
    if (fresh.length === 0) return false;
    before = end.receivedAt + 1;
    last = new Set(page.map(({ id }) => id));
  }
}
