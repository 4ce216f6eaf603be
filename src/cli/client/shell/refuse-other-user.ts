import { stat } from 'node:fs/promises';
import { UserError } from '../../user-error.js';

/**
 * Throws {@link UserError} where what is kept is another user's than `uid`: the worker could not replace what that one leaves in its
 * mirrors, and the superuser would run what a job has left. Where the system has no such ids, all are one.
 */
export async function refuseOtherUser(kept: string, uid = process.geteuid?.()): Promise<void> {
  const owner = (await stat(kept)).uid;
  if (uid === undefined || owner === uid) return;
  throw new UserError(
    `What jobs leave is here of the user that the worker runs as (id ${owner}), and a shell in it has to be of the same one, not of id ${uid}. Type it as that user: sudo -u '#${owner}' npx hookyard shell …, or docker exec --user ${owner}`,
  );
}
