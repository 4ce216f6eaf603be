import type { RecordStore } from '../../store/store.js';
import type { ReconcilePageInput } from '../contract.js';

/** Up to when a target has been looked at is kept with the synced records, under a name that automations can't write to. */
const LOOKED_AT = 'hookyard.reconciled';
/** An attempt that is under way shows up late, and a redelivery may fail as well. */
const OVERLAP_MS = 3_600_000;
/** Of a target that was never looked at. */
const FIRST_MS = 24 * 3_600_000;

type Looked = Pick<ReconcilePageInput, 'source' | 'target'>;

/** Since when to look (Unix ms). */
export async function lookedUntil(records: RecordStore, { source, target }: Looked, now: number): Promise<number> {
  const record = await records.get(LOOKED_AT, keyOf({ source, target }));
  return typeof record?.version === 'number' ? record.version - OVERLAP_MS : now - FIRST_MS;
}

/** Notes that everything before `until` (Unix ms) has been looked at. */
export async function noteLooked(records: RecordStore, { source, target, until }: Looked & { until: number }) {
  await records.upsert({ collection: LOOKED_AT, key: keyOf({ source, target }), version: until, data: {} });
}

function keyOf({ source, target }: Looked): string {
  return `${source}#${target.kind}#${'name' in target ? target.name : ''}`;
}
