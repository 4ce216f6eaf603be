import { z } from 'zod';
import type { RecordStore } from '../../../store/store.js';
import type { Piece } from '../../../worker/work-notes.js';

/** A piece of work that was at work alone when its process died. */
export interface Charge {
  readonly piece: Piece;
  /** How often. */
  readonly deaths: number;
}

/** Counts for which pieces processes have died: in the store, since a run may go from worker to worker. */
export interface Charges {
  /** Counts a death, which it knows by `life` if it is counted again. Resolves to how many those are. */
  add(piece: Piece, life: string): Promise<number>;
  /** Forgets what was counted: the run is gone, or its work was done without harm. */
  drop(piece: Piece): Promise<void>;
  /** Resolves to all that are not too old to mean anything. */
  all(): Promise<Charge[]>;
}

/** Stored: the name stays. */
const CHARGES = 'hookyard.charges';
const OLD_MS = 24 * 3_600_000;
/** Of each there was a death. */
const MAX_CHARGES = 1_000;

/** Of the lives that a piece ended, the last are kept. */
const MAX_LIVES = 10;

const schema = z.object({
  workflowId: z.string(),
  runId: z.string().optional(),
  at: z.string(),
  id: z.string().optional(),
});
const livesSchema = z.object({ lives: z.array(z.string()) });

/** Returns the count that the store keeps. The version of a row is the number of deaths. */
export function createCharges(records: RecordStore): Charges {
  const countOf = async (piece: Piece) => {
    const row = await records.get(CHARGES, keyOf(piece));
    return { deaths: Number(row?.version ?? 0), lives: livesSchema.safeParse(row?.data).data?.lives ?? [] };
  };
  return {
    async add(piece, life) {
      const known = await countOf(piece);
      if (known.lives.includes(life)) return known.deaths;
      const version = known.deaths + 1;
      const { workflowId: run } = piece;
      const data = { ...piece, lives: [...known.lives, life].slice(-MAX_LIVES) };
      await records.upsert({ collection: CHARGES, key: keyOf(piece), version, data, run });
      return version;
    },
    async drop(piece) {
      const { deaths: version } = await countOf(piece);
      if (version > 0) await records.remove({ collection: CHARGES, key: keyOf(piece), version });
    },
    async all() {
      const charges: Charge[] = [];
      for (const { key, version, data, updatedAt } of await records.list(CHARGES, { limit: MAX_CHARGES })) {
        const piece = schema.safeParse(data).data;
        if (piece && updatedAt > Date.now() - OLD_MS) charges.push({ piece, deaths: Number(version) });
        else await records.remove({ collection: CHARGES, key, version });
      }
      return charges;
    },
  };
}

function keyOf({ workflowId, runId, at, id = '' }: Piece): string {
  return `${workflowId}#${at}#${id}${runId === undefined ? '' : `#${runId}`}`;
}
