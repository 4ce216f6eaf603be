/**
 * FROM and WHERE: the starts that failed for good and were not asked for again. OFFSET 0 makes Postgres look for later
 * ones of each of the few that failed; by itself it may join them with every dispatch.
 */
export const PARKED_STARTS = `
  hookyard_dispatches parked
  WHERE parked.state = 'failed' AND parked.delivery IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM hookyard_dispatches later
                    WHERE later.delivery = parked.delivery AND later.seq > parked.seq
                      AND later.name = parked.name AND later.part = parked.part OFFSET 0)`;
