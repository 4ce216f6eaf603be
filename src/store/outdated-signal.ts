import { OUTDATED_SIGNAL } from '../runs/names.js';
import type { LaneSignal } from './lane-rows.js';

/** A run that is to end, for the sake of another. */
export interface OutdatedEntry {
  readonly arrived: number;
  readonly workflowId: string;
  readonly supersededBy: string;
}

/** The columns of an {@link OutdatedEntry}, in SQL, of the entry `e`. */
export const OUTDATED_COLUMNS = `e.arrived, e.workflow_id AS "workflowId", e.superseded_by AS "supersededBy"`;

/** Returns what tells a run that it is outdated: the same id for the same two. */
export function outdatedSignal({ arrived, workflowId, supersededBy }: OutdatedEntry): LaneSignal {
  return {
    // A run may enter again under its name: the number of this entry makes the signal another one.
    id: `outdated/${arrived}/${workflowId}/${supersededBy}`,
    workflowId,
    name: OUTDATED_SIGNAL,
    payload: JSON.stringify({ by: supersededBy }),
  };
}
