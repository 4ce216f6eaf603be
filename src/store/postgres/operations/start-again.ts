import { laneAhead } from '../../../lanes/lane.js';
import type { StartToKeep } from '../../backend.js';
import type { Queries } from '../database.js';
import { NOW_MS } from '../values.js';
import { enterStarts } from './lanes.js';
import { lockLanes } from './lock.js';

/** Adds starts that have lanes. To be called in a transaction of its own: locks lanes before it holds the delivery. */
export async function startAgainInLanes(
  queries: Queries,
  { deliveryId, starts }: { deliveryId: string; starts: readonly StartToKeep[] },
): Promise<boolean> {
  await lockLanes(
    queries,
    starts.flatMap(({ lane }) => (lane ? [lane.lane, laneAhead(lane.title)] : [])),
  );
  const isThere = await startAgain(queries, { deliveryId, starts: starts.filter(({ lane }) => !lane) });
  if (!isThere) return false;
  const [delivery] = await queries.rows<{ seq: number; source: string; now: number }>(
    `SELECT seq, source, ${NOW_MS} AS now FROM hookyard_deliveries WHERE id = $1`,
    deliveryId,
  );
  if (!delivery) return false;
  const { seq, source: flow, now: since } = delivery;
  const entering = starts.flatMap(({ workflowId, automation, part, how = null, lane }) =>
    lane ? { workflowId, automation, part, how, lane, delivery: seq, flow, since } : [],
  );
  await enterStarts(queries, { starts: entering, again: true });
  return true;
}

/** Adds starts to a delivery; false if there is none of this id. Holds it, so that it isn't pruned meanwhile. */
export async function startAgain(
  queries: Queries,
  { deliveryId, starts }: { deliveryId: string; starts: readonly StartToKeep[] },
): Promise<boolean> {
  const found = await queries.rows(
    `WITH delivery AS (
       SELECT seq, source FROM hookyard_deliveries WHERE id = $1 FOR KEY SHARE
     ), added AS (
       INSERT INTO hookyard_dispatches (id, kind, flow, delivery, workflow_id, name, part, how, due_at, since)
       SELECT s.workflow_id, 'start', delivery.source, delivery.seq, s.workflow_id, s.name, s.part, s.how, ${NOW_MS}, ${NOW_MS}
       FROM delivery, unnest($2::text[], $3::text[], $4::integer[], $5::text[])
                        WITH ORDINALITY AS s (workflow_id, name, part, how, place)
       ORDER BY s.place
       ON CONFLICT (id) DO NOTHING
     )
     SELECT seq FROM delivery`,
    deliveryId,
    starts.map(({ workflowId }) => workflowId),
    starts.map(({ automation }) => automation),
    starts.map(({ part }) => part),
    starts.map(({ how }) => how ?? null),
  );
  return found.length > 0;
}
