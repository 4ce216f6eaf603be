import type { Gift, InputOf, OpenWaitRow, OutputOf, WaitPage, WaitRow } from '../../backend.js';
import { MAX_OPEN_WAITS } from '../../store.js';
import { OPEN_COLUMNS, RECORD_COLUMNS, waitSignalId } from '../../wait-rows.js';
import type { Queries } from '../database.js';
import { agoMs, NOW_MS, whole } from '../values.js';
import { addSignals } from './lane-table.js';
import { lockNames, placeLock } from './lock.js';

/** Opens a wait. */
export async function openWait(queries: Queries, wait: InputOf<'openWait'>): Promise<boolean> {
  const { after } = wait;
  const [opened] = await queries.rows<{ known: boolean; open: number }>(
    `WITH others AS (
       SELECT count(*) FILTER (WHERE state = 'open') AS open, count(*) FILTER (WHERE id = $1) AS known
       FROM hookyard_waits WHERE workflow_id = $2
     ), kept AS (
       INSERT INTO hookyard_waits
         (id, workflow_id, run_id, title, ends, source, repository, about, triggers, until, since, changed_at, asked_at, seen)
       SELECT $1, $2, $3, $4, $5::smallint, $6, $7, $8, $9, $10::bigint, ${NOW_MS}, ${NOW_MS}, ${NOW_MS},
         coalesce((SELECT seq FROM hookyard_deliveries WHERE id = $11),
                  (SELECT seq FROM hookyard_deliveries WHERE received_at <= $12::bigint
                   ORDER BY received_at DESC, seq DESC LIMIT 1),
                  0) - $13::bigint
       FROM others WHERE others.open < ${MAX_OPEN_WAITS} AND others.known = 0
       ON CONFLICT (id) DO NOTHING
     ) SELECT known > 0 AS known, open FROM others`,
    ...[wait.id, wait.workflowId, wait.runId, wait.title, wait.ends ? 1 : 0, wait.source, wait.repository, wait.about],
    ...[wait.triggers, whole(wait.until), after.deliveryId, whole(after.receivedAt), after.inclusive ? 1 : 0],
  );
  return opened === undefined || opened.known || opened.open < MAX_OPEN_WAITS;
}

/** Ends a wait, unless it was given something. */
export async function closeWait(queries: Queries, id: string): Promise<undefined> {
  await queries.rows(
    `UPDATE hookyard_waits SET state = 'closed', changed_at = ${NOW_MS} WHERE id = $1 AND state = 'open'`,
    id,
  );
}

/** Ends a wait, and takes back what it was given. To be called in a transaction of its own. */
export async function freeWait(queries: Queries, id: string): Promise<undefined> {
  await queries.rows(
    `UPDATE hookyard_waits SET state = 'closed', delivery = NULL, part = NULL, asks = NULL, changed_at = ${NOW_MS}
     WHERE id = $1 AND state <> 'closed'`,
    id,
  );
  await queries.rows('DELETE FROM hookyard_dispatches WHERE id = $1', waitSignalId(id));
}

/** Returns what a wait was given. */
export async function givenToWait(queries: Queries, id: string): Promise<OutputOf<'givenToWait'>> {
  const [given] = await queries.rows<{ event: string | null; asks: string }>(
    `SELECT w.asks, (d.events::json -> w.part)::text AS event
     FROM hookyard_waits w JOIN hookyard_deliveries d ON d.seq = w.delivery WHERE w.id = $1 AND w.state = 'given'`,
    id,
  );
  return given;
}

/** Ends all waits of runs. */
export async function closeWaits(
  queries: Queries,
  { workflowIds, runId, before }: InputOf<'closeWaits'>,
): Promise<undefined> {
  await queries.rows(
    `UPDATE hookyard_waits SET state = 'closed', changed_at = ${NOW_MS}
     WHERE workflow_id = ANY($1::text[]) AND state = 'open' AND run_id = coalesce($2, run_id)
       AND since < coalesce(${NOW_MS} - $3::bigint, since + 1)`,
    ...[workflowIds, runId, before === undefined ? undefined : agoMs(before)],
  );
}

/** Returns places of open waits where something has arrived. */
export function placesToLookAt(
  queries: Queries,
  { limit }: InputOf<'placesToLookAt'>,
): Promise<OutputOf<'placesToLookAt'>> {
  return queries.rows(
    `SELECT w.source, w.repository
     FROM (SELECT source, repository, min(seen) AS seen FROM hookyard_waits WHERE state = 'open'
           GROUP BY source, repository) w
     WHERE EXISTS (SELECT 1 FROM hookyard_deliveries d
                   WHERE d.source = w.source AND d.repository = w.repository AND d.seq > w.seen)
     LIMIT $1`,
    limit,
  );
}

/**
 * Returns a page of what is to be compared; those waits first that are the farthest behind. To be called in a transaction of its
 * own, which keeps deliveries out until it has read: none with a lower number comes in later.
 */
export async function readWaits(queries: Queries, page: InputOf<'readWaits'>): Promise<WaitPage> {
  const { source, repository } = page;
  await lockNames(queries, [placeLock(page)]);
  const waits = await queries.rows<OpenWaitRow>(
    `SELECT ${OPEN_COLUMNS} FROM hookyard_waits w WHERE w.state = 'open' AND w.source = $1 AND w.repository = $2
     ${page.workflowId === undefined ? '' : 'AND w.workflow_id = $4'} ORDER BY w.seen, w.seq LIMIT $3`,
    ...[source, repository, page.waits, ...(page.workflowId === undefined ? [] : [page.workflowId])],
  );
  const [first] = waits;
  if (!first) return { waits, deliveries: [], taken: [] };
  const deliveries = await queries.rows<WaitPage['deliveries'][number]>(
    `SELECT d.seq, d.id, d.received_at AS "receivedAt", d.events FROM hookyard_deliveries d
     WHERE d.source = $1 AND d.repository = $2 AND d.seq > $3::bigint ORDER BY d.seq LIMIT $4`,
    ...[source, repository, first.seen, page.deliveries],
  );
  const taken = await queries.rows<WaitPage['taken'][number]>(
    `SELECT workflow_id AS "workflowId", ends, delivery, part FROM hookyard_waits WHERE delivery = ANY($1::bigint[])`,
    deliveries.map(({ seq }) => seq),
  );
  return { waits, deliveries, taken };
}

/** Gives events to waits, and tells their runs. To be called in a transaction of its own. */
export async function giveWaits(queries: Queries, { gifts, seen }: InputOf<'giveWaits'>): Promise<boolean> {
  // Deliveries first, as whoever deletes or forgets one locks them; waits in one order for everybody.
  await queries.rows(
    'SELECT 1 FROM hookyard_deliveries WHERE seq = ANY($1::bigint[]) ORDER BY seq FOR SHARE',
    gifts.map(({ delivery }) => delivery),
  );
  await queries.rows(
    `SELECT 1 FROM hookyard_waits WHERE id = ANY($1::text[]) AND state = 'open' ORDER BY id FOR UPDATE`,
    [...gifts.map(({ id }) => id), ...seen.ids],
  );
  let areGiven = true;
  for (const gift of gifts) areGiven = (await give(queries, gift)) && areGiven;
  if (areGiven)
    await queries.rows(
      `UPDATE hookyard_waits SET seen = $1::bigint WHERE id = ANY($2::text[]) AND state = 'open' AND seen < $1::bigint`,
      seen.upTo,
      seen.ids,
    );
  return areGiven;
}

/** Not one that was closed, to whose run the event was given meanwhile, or whose delivery is gone or forgotten. */
async function give(queries: Queries, { id, delivery, part, asks, signal }: Gift): Promise<boolean> {
  const given = await queries.rows(
    `UPDATE hookyard_waits w SET state = 'given', delivery = $2::bigint, part = $3::integer, asks = $4, changed_at = ${NOW_MS}
     WHERE w.id = $1 AND w.state = 'open'
       AND EXISTS (SELECT 1 FROM hookyard_deliveries d WHERE d.seq = $2::bigint AND d.repository IS NOT NULL)
       AND NOT EXISTS (
         SELECT 1 FROM hookyard_waits o
         WHERE o.delivery = $2::bigint AND o.part = $3::integer AND o.workflow_id = w.workflow_id AND o.ends = w.ends)
     RETURNING 1`,
    ...[id, delivery, part, asks],
  );
  if (given.length > 0) await addSignals(queries, [signal]);
  return given.length > 0;
}

/** Returns the open waits of a run. */
export function listWaits(queries: Queries, { limit, workflowId }: InputOf<'listWaits'>): Promise<WaitRow[]> {
  return queries.rows<WaitRow>(
    `SELECT ${RECORD_COLUMNS} FROM hookyard_waits w
     WHERE w.workflow_id = $1 AND w.state = 'open' ORDER BY w.seq LIMIT $2`,
    workflowId,
    limit,
  );
}

/** Returns runs that Temporal is to be asked about. */
export async function waitersToAskAbout(
  queries: Queries,
  { limit, before }: InputOf<'waitersToAskAbout'>,
): Promise<OutputOf<'waitersToAskAbout'>> {
  const rows = await queries.rows<{ workflowId: string }>(
    `WITH asked AS (
       UPDATE hookyard_waits SET asked_at = ${NOW_MS} WHERE seq IN (
         SELECT seq FROM hookyard_waits WHERE state = 'open' AND asked_at < ${NOW_MS} - $1::bigint
         ORDER BY asked_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING workflow_id
     ) SELECT DISTINCT workflow_id AS "workflowId" FROM asked`,
    agoMs(before),
    limit,
  );
  return rows.map(({ workflowId }) => workflowId);
}
