import { createHash } from 'node:crypto';
import { cutToBytes } from '../events/truncate.js';

/** In bytes. Temporal's default is 1,000; the SQL set-ups of its own compose files allow 255. */
const MAX_WORKFLOW_ID = 255;

/**
 * Returns the workflow id of the run that a delivery starts of an automation: made of names, so that starting it twice
 * starts it once. A longer one keeps its beginning, and a hash stands for the rest.
 *
 * Not for workflow code, whose sandbox has no `node:crypto`: `idBeside` makes its ids from the run's own.
 */
export function workflowIdFor(run: { automation: string; source: string; key: string }): string {
  const id = `${run.automation}/${run.source}/${run.key}`;
  if (Buffer.byteLength(id) <= MAX_WORKFLOW_ID) return id;
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 32);
  return `${cutToBytes(id, MAX_WORKFLOW_ID - hash.length - 1)}~${hash}`;
}
