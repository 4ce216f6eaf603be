/**
 * FROM and WHERE of the dead letters: starts that failed for good and were not asked for again. INDEXED BY makes SQLite
 * begin at the few that failed; by itself it walks through every dispatch.
 */
export const DEAD_STARTS = `
  dispatches dead INDEXED BY dispatches_failed
  WHERE dead.state = 'failed' AND dead.delivery IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM dispatches later
                    WHERE later.delivery = dead.delivery AND later.seq > dead.seq
                      AND later.name = dead.name AND later.part = dead.part)
    AND NOT EXISTS (SELECT 1 FROM lane_entries later
                    WHERE later.delivery = dead.delivery AND later.since >= coalesce(dead.entered, dead.since)
                      AND later.workflow_id <> dead.workflow_id
                      AND later.automation = dead.name AND later.part = dead.part)`;
