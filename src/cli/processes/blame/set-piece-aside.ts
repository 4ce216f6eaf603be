import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Logger } from '../../../log.js';
import type { Piece } from '../../../worker/work-notes.js';
import type { SetAside } from '../set-aside.js';
import type { Charges } from './charges.js';

/** What {@link createSetPieceAside} works with. */
export interface SetPieceAsideDeps {
  readonly client: Client;
  readonly charges: Pick<Charges, 'drop'>;
  readonly setAside: SetAside;
  readonly log: Logger;
}

/**
 * Sets the run aside that a piece of work belongs to, and forgets what it was charged with. Resolves to whether the run is over:
 * where it is not, as while Temporal is away, the charge stays for the next process. Never rejects.
 */
export type SetPieceAside = (piece: Piece) => Promise<boolean>;

const DEADLINE_MS = 5_000;

/** Returns what sets runs aside that take their worker down. */
export function createSetPieceAside({ client, charges, setAside, log }: SetPieceAsideDeps): SetPieceAside {
  return async (piece) => {
    const { workflowId, runId, at } = piece;
    try {
      const run = await client
        .withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.getHandle(workflowId, runId).describe())
        .catch(unlessGone);
      const because = `the worker process died more than once while it was at work on it (${at})`;
      if (run && !(await setAside({ workflowId, runId: run.runId, automation: run.type, because }))) return false;
      await charges.drop(piece);
      return true;
    } catch (error) {
      log.error(
        { run: workflowId, because: (error as Error).message },
        'a run that takes its worker down could not be set aside yet',
      );
      return false;
    }
  };
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}
