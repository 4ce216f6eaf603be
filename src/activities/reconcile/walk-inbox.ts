import type { DeliveryRecord, Inbox } from '../../store/store.js';

export interface Walk {
  readonly source: string;
  /** Unix ms. */
  readonly since: number;
  /** Deliveries, at most. */
  readonly most: number;
}

const PER_PAGE = 200;

/** Shows a source's deliveries, newest first. Answers whether they were all that were received since then. */
export async function walkInbox(
  inbox: Pick<Inbox, 'list'>,
  { source, since, most }: Walk,
  look: (delivery: DeliveryRecord) => void,
): Promise<boolean> {
  let before: number | undefined;
  let left = most;
  let last = new Set<string>();
  for (;;) {
    const page = await inbox.list({ source, limit: PER_PAGE, ...(before !== undefined && { before }) });
    // Several may have come within one millisecond, on both sides of a page's end.
    const fresh = page.filter(({ id }) => !last.has(id));
    for (const delivery of fresh) {
      if (delivery.receivedAt < since) return true;
      if (left-- === 0) return false;
      look(delivery);
    }
    const end = page.at(-1);
    if (!end || page.length < PER_PAGE) return true;
    // More than a page within one millisecond: what is behind it can't be asked for.
    if (fresh.length === 0) return false;
    before = end.receivedAt + 1;
    last = new Set(page.map(({ id }) => id));
  }
}
