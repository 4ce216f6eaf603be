import type { InputOf, OutputOf } from '../../backend.js';
import { LIVE } from '../../lane-rows.js';
import type { ToTellRow } from '../../run-to-tell.js';
import type { Queries } from '../database.js';
import { agoMs, NOW_MS, whole } from '../values.js';
import { changeLanes, lanesOf } from './lane-table.js';

/** Returns runs that never begin, of which nobody has told yet, and then those that wait to begin. */
export async function runsToTell(
  queries: Queries,
  { limit, before, after }: InputOf<'runsToTell'>,
): Promise<ToTellRow[]> {
  const ended = await queries.rows<ToTellRow>(
    `SELECT e.workflow_id AS "workflowId", e.automation, e.flow AS source, d.id AS "deliveryId", e.part, e.since, e.arrived, l.title, e.told,
            e.state, NULL AS place, NULL AS after, NULL AS mode, NULL AS by, NULL AS reason,
            e.superseded_by AS "supersededBy", e.because
     FROM hookyard_lane_entries e JOIN hookyard_deliveries d ON d.seq = e.delivery
     LEFT JOIN hookyard_lanes l ON l.lane = e.lane
     WHERE e.told IS NOT NULL AND e.state IN ('superseded', 'refused') ORDER BY e.changed_at LIMIT $1`,
    limit,
  );
  const waiting = await queries.rows<ToTellRow>(
    `SELECT w.workflow_id AS "workflowId", w.automation, w.flow AS source, d.id AS "deliveryId", w.part, w.since, w.arrived, l.title, w.told,
            'waits' AS state, w.line_place AS place, l.mode, l.changed_by AS by, l.reason,
            coalesce(w.previous, (SELECT r.workflow_id FROM hookyard_lane_entries r
                                  WHERE r.lane = w.lane AND r.state IN ${LIVE} AND r.state = 'runs'
                                  ORDER BY r.arrived LIMIT 1)) AS after,
            NULL AS "supersededBy", NULL AS because
     FROM (SELECT e.*, row_number() OVER line AS line_place, lag(e.workflow_id) OVER line AS previous
           FROM hookyard_lane_entries e WHERE e.state IN ${LIVE} AND e.state = 'waits' AND e.part_of IS NULL
           WINDOW line AS (PARTITION BY e.lane ORDER BY e.priority, e.place)) w
     JOIN hookyard_lanes l ON l.lane = w.lane JOIN hookyard_deliveries d ON d.seq = w.delivery
     WHERE w.turns = 0 AND w.changed_at < ${NOW_MS} - $1::bigint AND w.arrived > $2::bigint
     ORDER BY w.arrived LIMIT $3`,
    ...[agoMs(before), whole(after), limit],
  );
  return [...ended, ...waiting];
}

/** Notes what statuses say of runs; returns those of which it is so still. */
export async function noteTold(queries: Queries, told: InputOf<'noteTold'>): Promise<OutputOf<'noteTold'>> {
  const runs = told.map(({ workflowId }) => workflowId);
  return changeLanes(queries, { lanes: await lanesOf(queries, runs), runs }, (book) =>
    told.filter((one) => book.noteTold(one)).map(({ workflowId }) => workflowId),
  );
}
