import { z } from 'zod';
import type { RecordStore } from '../../store/store.js';
import type { ReconcilePageInput } from '../contract/index.js';
import { putRecord } from './put-record.js';
import { targetKey } from './target-key.js';

/** Kept with the synced records, in a collection that automations can't write to. */
const WATERMARKS = 'hookyard.reconciled';
/** How far back the first pass over a target goes. */
const FIRST_MS = 24 * 3_600_000;

const watermarkSchema = z.object({ until: z.number() });

type TargetOf = Pick<ReconcilePageInput, 'source' | 'target'>;

/** Returns up to when a target has been reconciled (Unix ms): never later than `now`, even if a clock was ahead. */
export async function reconciledUntil(
  records: RecordStore,
  { source, target }: TargetOf,
  now: number,
): Promise<number> {
  const record = await records.get(WATERMARKS, targetKey({ source, target }));
  const until = watermarkSchema.safeParse(record?.data).data?.until;
  return until === undefined ? now - FIRST_MS : Math.min(until, now);
}

/** Stores that a target has been reconciled up to `until` (Unix ms), in place of what was stored before. */
export async function noteReconciled(records: RecordStore, { source, target, until }: TargetOf & { until: number }) {
  await putRecord(records, { collection: WATERMARKS, key: targetKey({ source, target }), data: { until } });
}
