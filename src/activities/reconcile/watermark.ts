import { z } from 'zod';
import type { RecordStore } from '../../store/store.js';
import type { ReconcilePageInput } from '../contract/index.js';
import { overwrite } from './put-record.js';
import { targetKey } from './target-key.js';

/** Up to when a target has been looked at is kept with the synced records, under a name that automations can't write to. */
const LOOKED_AT = 'hookyard.reconciled';
/** Of a target that was never looked at. */
const FIRST_MS = 24 * 3_600_000;

const lookedSchema = z.object({ until: z.number() });

type Looked = Pick<ReconcilePageInput, 'source' | 'target'>;

/** Up to when everything has been looked at (Unix ms): never later than `now`, whatever a clock said that was ahead. */
export async function lookedUntil(records: RecordStore, { source, target }: Looked, now: number): Promise<number> {
  const record = await records.get(LOOKED_AT, targetKey({ source, target }));
  const until = lookedSchema.safeParse(record?.data).data?.until;
  return until === undefined ? now - FIRST_MS : Math.min(until, now);
}

/** Notes that everything before `until` (Unix ms) has been looked at. A time that was too late gives way to the next. */
export async function noteLooked(records: RecordStore, { source, target, until }: Looked & { until: number }) {
  await overwrite(records, { collection: LOOKED_AT, key: targetKey({ source, target }), data: { until } });
}
