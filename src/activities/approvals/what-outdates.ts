import { type ApprovalAbout, whyOutdated } from '../../runs/approval-outdated.js';
import type { Inbox } from '../../store/store.js';
import { walkInbox } from '../reconcile/walk-inbox.js';

/**
 * Deliveries that are looked through at most: an hour and more of the busiest source. What is older is not seen by a look: a run is
 * told of it when it comes in.
 */
const MOST = 50_000;

/** Returns why what came in since a time (Unix ms) makes an approval void, in words that follow "outdated:". */
export async function whatOutdates(
  inbox: Pick<Inbox, 'list'>,
  about: ApprovalAbout,
  since: number,
): Promise<string | undefined> {
  const { source } = about;
  if (source === undefined || (about.number === undefined && about.branch === undefined)) return undefined;
  let because: string | undefined;
  await walkInbox(inbox, { source, since, limit: MOST }, ({ events }) => {
    // The newest comes first, and says best what is there now.
    for (const event of events) because ??= whyOutdated(about, event);
  });
  return because;
}
