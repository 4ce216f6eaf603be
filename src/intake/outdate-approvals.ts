import { sharedAnswer } from '../async/shared-answer.js';
import type { HookyardEvent } from '../events/event.js';
import type { Logger } from '../log.js';
import { APPROVAL_OUTDATED_SIGNAL, type ApprovalOutdated } from '../runs/approval.js';
import { whyOutdated } from '../runs/approval-outdated.js';
import { openApprovals } from '../runs/approval-records.js';
import type { Inbox, RecordStore } from '../store/store.js';

/** What {@link createOutdating} works with. */
export interface OutdatingDeps {
  readonly records: Pick<RecordStore, 'list'>;
  readonly inbox: Pick<Inbox, 'signal'>;
  readonly log: Logger;
  /** Called when there is something to tell Temporal. */
  readonly wake: () => void;
}

/** How long what runs wait for is taken to be the same: one that began meanwhile looks by itself, seconds later. */
const FRESH_MS = 250;

/**
 * Returns what tells the runs that wait for an approval that something has come in which makes it void. It costs four looks at the
 * store a second at most, and delays no delivery. What is not told, since the server dies, the run finds out before it takes an
 * approval. Never rejects.
 */
export function createOutdating({ records, inbox, log, wake }: OutdatingDeps) {
  const open = sharedAnswer(() => openApprovals(records), FRESH_MS);
  return async function outdate(events: readonly HookyardEvent[]): Promise<void> {
    const told = events.filter(({ kind }) => kind === 'push' || kind === 'pull_request' || kind === 'branch_deleted');
    if (told.length === 0) return;
    try {
      for (const approval of await open()) {
        const because = told.map((event) => whyOutdated(approval, event)).find((words) => words !== undefined);
        if (because === undefined) continue;
        const { run, name, nth } = approval;
        const payload: ApprovalOutdated = { name, nth, because };
        const id = `outdated/${run}/${name}/${nth}`;
        if (await inbox.signal({ id, workflowId: run, signal: APPROVAL_OUTDATED_SIGNAL, payload })) wake();
      }
    } catch (error) {
      log.warn(
        { err: error },
        'runs that wait for an approval were not told of a push; they look once more by themselves',
      );
    }
  };
}
