/**
 * FROM and WHERE of the dead letters: starts that failed for good and were not asked for again. OFFSET 0 makes Postgres
 * look for later ones of each of the few that failed; by itself it may join them with every dispatch.
 */
export const DEAD_STARTS = `
  hookyard_dispatches dead
  WHERE dead.state = 'failed' AND dead.delivery IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM hookyard_dispatches later
                    WHERE later.delivery = dead.delivery AND later.seq > dead.seq
                      AND later.name = dead.name AND later.part = dead.part OFFSET 0)
    AND NOT EXISTS (SELECT 1 FROM hookyard_lane_entries later
                    WHERE later.delivery = dead.delivery AND later.since >= coalesce(dead.entered, dead.since)
                      AND later.workflow_id <> dead.workflow_id
                      AND later.automation = dead.name AND later.part = dead.part OFFSET 0)`;
