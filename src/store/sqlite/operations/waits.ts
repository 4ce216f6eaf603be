import type { Gift, InputOf, OpenWaitRow, OutputOf, WaitPage, WaitRow } from '../../backend.js';
import { MAX_OPEN_WAITS } from '../../store.js';
import { OPEN_COLUMNS, RECORD_COLUMNS, waitSignalId } from '../../wait-rows.js';
import type { Connection } from '../connection.js';
import { addSignal } from './lane-table.js';

/** Opens a wait. */
export function openWait(connection: Connection, wait: InputOf<'openWait'>): boolean {
  const [known] = connection.rows('SELECT 1 FROM waits WHERE id = ?', wait.id);
  if (known) return true;
  const [open] = connection.rows<{ count: number }>(
    `SELECT count(*) AS count FROM waits WHERE workflow_id = ? AND state = 'open'`,
    wait.workflowId,
  );
  if ((open?.count ?? 0) >= MAX_OPEN_WAITS) return false;
  const now = Date.now();
  connection.run(
    `INSERT INTO waits
       (id, workflow_id, run_id, title, ends, source, repository, about, triggers, seen, until, since, changed_at, asked_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[wait.id, wait.workflowId, wait.runId, wait.title, wait.ends ? 1 : 0, wait.source, wait.repository, wait.about],
    ...[wait.triggers, seenBy(connection, wait), wait.until, now, now, now],
  );
  return true;
}

/** Returns the running number after which deliveries count. */
function seenBy(connection: Connection, { after }: InputOf<'openWait'>): number {
  const [row] = connection.rows<{ seq: number }>(
    `SELECT coalesce(
       (SELECT seq FROM deliveries WHERE id = ?),
       (SELECT seq FROM deliveries WHERE received_at <= ? ORDER BY received_at DESC, seq DESC LIMIT 1),
       0) AS seq`,
    ...[after.deliveryId, after.receivedAt],
  );
  return (row?.seq ?? 0) - (after.inclusive ? 1 : 0);
}

/** Ends a wait, unless it was given something. */
export function closeWait(connection: Connection, id: string): void {
  connection.run(`UPDATE waits SET state = 'closed', changed_at = ? WHERE id = ? AND state = 'open'`, Date.now(), id);
}

/** Ends a wait, and takes back what it was given. */
export function freeWait(connection: Connection, id: string): void {
  connection.run(
    `UPDATE waits SET state = 'closed', delivery = NULL, part = NULL, asks = NULL, changed_at = ?
     WHERE id = ? AND state <> 'closed'`,
    ...[Date.now(), id],
  );
  connection.run('DELETE FROM dispatches WHERE id = ?', waitSignalId(id));
}

/** Returns what a wait was given. */
export function givenToWait(connection: Connection, id: string): OutputOf<'givenToWait'> {
  const [given] = connection.rows<{ event: string | null; asks: string }>(
    `SELECT w.asks, json_extract(d.events, '$[' || w.part || ']') AS event
     FROM waits w JOIN deliveries d ON d.seq = w.delivery WHERE w.id = ? AND w.state = 'given'`,
    id,
  );
  return given;
}

/** Ends all waits of runs. */
export function closeWaits(connection: Connection, { workflowIds, runId, before }: InputOf<'closeWaits'>): void {
  connection.run(
    `UPDATE waits SET state = 'closed', changed_at = ?
     WHERE workflow_id IN (SELECT value FROM json_each(?)) AND state = 'open' AND run_id = coalesce(?, run_id)
       AND since < coalesce(?, since + 1)`,
    ...[Date.now(), JSON.stringify(workflowIds), runId, before],
  );
}

/** Returns places of open waits where something has arrived. */
export function placesToLookAt(
  connection: Connection,
  { limit }: InputOf<'placesToLookAt'>,
): OutputOf<'placesToLookAt'> {
  return connection.rows(
    `SELECT places.source, places.repository
     FROM (SELECT source, repository, min(seen) AS seen FROM waits WHERE state = 'open' GROUP BY source, repository) places
     WHERE EXISTS (SELECT 1 FROM deliveries d
                   WHERE d.source = places.source AND d.repository = places.repository AND d.repository IS NOT NULL AND d.seq > places.seen)
     LIMIT ?`,
    limit,
  );
}

/** Returns a page of what is to be compared; those waits first that are the farthest behind. */
export function readWaits(connection: Connection, page: InputOf<'readWaits'>): WaitPage {
  const { source, repository } = page;
  const waits = connection.rows<OpenWaitRow>(
    `SELECT ${OPEN_COLUMNS} FROM waits w WHERE w.state = 'open' AND w.source = ? AND w.repository = ?
     ${page.workflowId === undefined ? '' : 'AND w.workflow_id = ?'} ORDER BY w.seen, w.seq LIMIT ?`,
    ...[source, repository, ...(page.workflowId === undefined ? [] : [page.workflowId]), page.waits],
  );
  const [first] = waits;
  if (!first) return { waits, deliveries: [], taken: [] };
  const deliveries = connection.rows<WaitPage['deliveries'][number]>(
    `SELECT d.seq, d.id, d.received_at AS receivedAt, d.events FROM deliveries d
     WHERE d.source = ? AND d.repository = ? AND d.repository IS NOT NULL AND d.seq > ? ORDER BY d.seq LIMIT ?`,
    ...[source, repository, first.seen, page.deliveries],
  );
  const taken = connection.rows<WaitPage['taken'][number]>(
    `SELECT workflow_id AS workflowId, ends, delivery, part FROM waits
     WHERE delivery IN (SELECT value FROM json_each(?))`,
    JSON.stringify(deliveries.map(({ seq }) => seq)),
  );
  return { waits, deliveries, taken };
}

/** Gives events to waits, and tells their runs. */
export function giveWaits(connection: Connection, { gifts, seen }: InputOf<'giveWaits'>): boolean {
  const now = Date.now();
  const refused = gifts.filter((gift) => !give(connection, gift, now));
  if (refused.length > 0) return false;
  connection.run(
    `UPDATE waits SET seen = ? WHERE id IN (SELECT value FROM json_each(?)) AND state = 'open' AND seen < ?`,
    ...[seen.upTo, JSON.stringify(seen.ids), seen.upTo],
  );
  return true;
}

/** Not one that was closed, to whose run the event was given meanwhile, or whose delivery is gone or forgotten. */
function give(connection: Connection, { id, delivery, part, asks, signal }: Gift, now: number): boolean {
  const { changes } = connection.run(
    `UPDATE waits SET state = 'given', delivery = ?, part = ?, asks = ?, changed_at = ?
     WHERE id = ? AND state = 'open'
       AND EXISTS (SELECT 1 FROM deliveries d WHERE d.seq = ? AND d.repository IS NOT NULL)
       AND NOT EXISTS (
         SELECT 1 FROM waits o
         WHERE o.delivery = ? AND o.part = ? AND o.workflow_id = waits.workflow_id AND o.ends = waits.ends)`,
    ...[delivery, part, asks, now, id, delivery, delivery, part],
  );
  if (changes > 0) addSignal(connection, signal, now);
  return changes > 0;
}

/** Returns the open waits of a run. */
export function listWaits(connection: Connection, { limit, workflowId }: InputOf<'listWaits'>): WaitRow[] {
  return connection.rows<WaitRow>(
    `SELECT ${RECORD_COLUMNS} FROM waits w WHERE w.workflow_id = ? AND w.state = 'open' ORDER BY w.seq LIMIT ?`,
    workflowId,
    limit,
  );
}

/** Returns runs that Temporal is to be asked about. */
export function waitersToAskAbout(
  connection: Connection,
  { limit, before }: InputOf<'waitersToAskAbout'>,
): OutputOf<'waitersToAskAbout'> {
  const rows = connection.rows<{ workflowId: string }>(
    `SELECT DISTINCT workflow_id AS workflowId FROM
       (SELECT workflow_id FROM waits WHERE state = 'open' AND asked_at < ? ORDER BY asked_at LIMIT ?)`,
    ...[before, limit],
  );
  const workflowIds = rows.map(({ workflowId }) => workflowId);
  connection.run(
    `UPDATE waits SET asked_at = ? WHERE workflow_id IN (SELECT value FROM json_each(?)) AND state = 'open'`,
    ...[Date.now(), JSON.stringify(workflowIds)],
  );
  return workflowIds;
}
