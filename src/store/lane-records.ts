import type { EntryRow, LaneRow } from './lane-rows.js';
import type { LaneEntryRecord, LaneRecord } from './store.js';

const ORDER = ['runs', 'aside', 'waits'];

/** Returns lanes as people see them. */
export function toLaneRecords(lanes: readonly LaneRow[], entries: readonly EntryRow[]): LaneRecord[] {
  const inOrder = [...entries].sort(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.priority - b.priority || a.place - b.place,
  );
  return lanes.map(({ lane, title, mode, by, reason, changedAt }) => ({
    ...{ lane, title, mode },
    ...(by !== null && { by }),
    ...(reason !== null && { reason }),
    ...(changedAt !== null && { changedAt }),
    entries: inOrder.filter((entry) => entry.lane === lane && entry.partOf === null).map(toEntryRecord),
  }));
}

function toEntryRecord(entry: EntryRow): LaneEntryRecord {
  const { workflowId, automation, since, changedAt, priority, limit, supersededBy, movedBy, moveReason, dueAt } = entry;
  return {
    ...{ workflowId, automation, since, changedAt, priority, limit },
    state: entry.state as LaneEntryRecord['state'],
    ...(supersededBy !== null && { endsFor: supersededBy }),
    ...(entry.state === 'aside' && dueAt !== null && { until: dueAt }),
    ...(movedBy !== null && { movedBy }),
    ...(moveReason !== null && { moveReason }),
  };
}
