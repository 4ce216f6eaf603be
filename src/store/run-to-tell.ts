import type { LaneMode } from './contract/lanes.js';
import type { RunToTell } from './store.js';

/** A run that statuses may have to tell of, as databases keep it. */
export interface ToTellRow {
  readonly workflowId: string;
  readonly automation: string;
  readonly source: string;
  readonly deliveryId: string;
  readonly part: number;
  readonly since: number;
  readonly arrived: number;
  readonly title: string | null;
  readonly told: string | null;
  readonly state: RunToTell['state'];
  /** Of one that waits; the run before it may be one that has the slot. */
  readonly place: number | null;
  readonly after: string | null;
  readonly mode: LaneMode | null;
  readonly by: string | null;
  readonly reason: string | null;
  /** Of one that never begins. */
  readonly supersededBy: string | null;
  readonly because: string | null;
}

/** Returns a run with what there is of it. */
export function toRunToTell(row: ToTellRow): RunToTell {
  const { workflowId, automation, source, deliveryId, part, since, arrived, title, told } = row;
  const run = {
    ...{ workflowId, automation, source, deliveryId, part, since, arrived, title: title ?? '' },
    ...(told !== null && { told }),
  };
  switch (row.state) {
    case 'superseded':
      return { ...run, state: row.state, by: row.supersededBy ?? '' };
    case 'refused':
      return { ...run, state: row.state, because: row.because ?? '' };
    case 'waits': {
      const { place, after, mode, by, reason } = row;
      const paused = { ...(by !== null && { by }), ...(reason !== null && { reason }) };
      return {
        ...{ ...run, state: row.state, place: place ?? 1 },
        ...(after !== null && { after }),
        ...(mode === 'paused' && { paused }),
      };
    }
    default:
      return row.state satisfies never;
  }
}
