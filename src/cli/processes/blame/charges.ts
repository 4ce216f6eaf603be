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
  /** Counts a death. Resolves to how many those are. */
  add(piece: Piece): Promise<number>;
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

const schema = z.object({ workflowId: z.string(), at: z.string(), id: z.string().optional() });

/** Returns the count that the store keeps. The version of a row is the number of deaths. */
export function createCharges(records: RecordStore): Charges {
  const deathsOf = async (piece: Piece) => Number((await records.get(CHARGES, keyOf(piece)))?.version ?? 0);
  return {
    async add(piece) {
      const deaths = (await deathsOf(piece)) + 1;
      const { workflowId: run } = piece;
      await records.upsert({ collection: CHARGES, key: keyOf(piece), version: deaths, data: piece, run });
      return deaths;
    },
    async drop(piece) {
      const version = await deathsOf(piece);
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

function keyOf({ workflowId, at, id = '' }: Piece): string {
  return `${workflowId}#${at}#${id}`;
}
