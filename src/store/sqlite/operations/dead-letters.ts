/**
 * FROM and WHERE: the starts that failed for good and were not asked for again. INDEXED BY makes SQLite begin at the few
 * that failed; by itself it walks through every dispatch.
 */
export const PARKED_STARTS = `
  dispatches parked INDEXED BY dispatches_failed
  WHERE parked.state = 'failed' AND parked.delivery IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM dispatches later
                    WHERE later.delivery = parked.delivery AND later.seq > parked.seq
                      AND later.name = parked.name AND later.part = parked.part)`;
