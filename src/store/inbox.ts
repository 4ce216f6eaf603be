import { mapInTurns } from '../async/yield-to-event-loop.js';
import { repositoryOf } from '../events/accessors.js';
import type { RunOptions } from '../runs/options.js';
import { asksForRun, startOf } from '../triggers/verdict.js';
import { placeOf } from '../waits/about.js';
import type { Backend, DeliveryRow, DeliveryToKeep, DispatchRow, StartToKeep } from './backend.js';
import { takeBytes } from './body-bytes.js';
import { forgottenKey } from './forgotten-key.js';
import { packed, unpacked } from './packed-verdicts.js';
import {
  AmbiguousDeliveryError,
  type DeliveryMeaning,
  type DeliveryRecord,
  type Dispatch,
  type DispatchRecord,
  type FoundStart,
  type GivenTo,
  type Inbox,
  type NewDelivery,
  type NewStart,
  type Settlement,
} from './store.js';
import { UNNAMED_FLOW } from './turns.js';
import { withoutNul } from './without-nul.js';

/** Deliveries that an ambiguous name is said to mean. */
const MAX_MEANINGS = 20;
/** Keys in one call. */
const MAX_KEYS = 1_000;
/** Deliveries that one transaction deletes: a few ms with their bodies, for which a delivery that is stored waits. */
const MAX_DELETED = 25;
/** The same for large ones, of up to 25 MB. */
const MAX_DELETED_LARGE = 2;

/**
 * Returns the inbox over any database. Makes JSON text here, because text and bytes reach a thread or a server quickly.
 */
export function createInbox(backend: Backend): Inbox {
  /** The flow where the last turn ended. */
  let lastFlow = UNNAMED_FLOW;

  return {
    async accept(delivery) {
      const kept = toKeep(delivery);
      const bytes = kept.body.byteLength + kept.headers.length + kept.verdicts.length + kept.events.length;
      const known = await backend.call('acceptDelivery', kept, { bytes, transfer: [kept.body.buffer] });
      return known ? { stored: false, repeats: known.repeats, first: toRecord(known.first) } : { stored: true };
    },
    startAgain: ({ deliveryId, starts }) => backend.call('startAgain', { deliveryId, starts: starts.map(startToKeep) }),
    signal({ id, workflowId, signal, payload }) {
      const text = toJson(payload);
      return backend.call('keepSignal', { id, workflowId, signal, payload: text }, { bytes: text.length });
    },
    async claim(options) {
      const claimed = await backend.call('claim', { ...options, after: lastFlow });
      lastFlow = claimed.at(-1)?.flow ?? lastFlow;
      return claimed.map(toDispatch);
    },
    endLeases: () => backend.call('endLeases', undefined),
    settle: (settlements) => backend.call('settle', settlements.map(printable)),
    nextDue: () => backend.call('nextDue', undefined),
    async find(idOrKey, { source } = {}) {
      if (idOrKey.includes('\0') || source?.includes('\0')) return undefined;
      const [row, ...more] = await backend.call('findDeliveries', { idOrKey, source, limit: MAX_MEANINGS });
      if (more.length === 0) return row && toRecord(row);
      throw new AmbiguousDeliveryError([row as DeliveryRow, ...more].map(meaningOf));
    },
    async findStart(workflowId) {
      if (workflowId.includes('\0')) return undefined;
      const row = await backend.call('findStart', workflowId);
      if (row === undefined) return undefined;
      return withoutNull<FoundStart>(JSON.parse(row) as Nullable<FoundStart>);
    },
    async body(deliveryId) {
      const body = await backend.call('readBody', deliveryId);
      return body && Buffer.from(body);
    },
    async has(source, keys) {
      if (keys.length > MAX_KEYS) throw new RangeError(`ask for ${MAX_KEYS} keys at most, not for ${keys.length}`);
      const possible = keys.filter((key) => !key.includes('\0'));
      if (possible.length === 0) return new Set();
      const forgotten = new Map(possible.map((key) => [forgottenKey(source, key), key]));
      const known = await backend.call('knownKeys', { source, keys: [...possible, ...forgotten.keys()] });
      return new Set(known.map((key) => forgotten.get(key) ?? key));
    },
    // A page of 200 may hold megabytes of JSON.
    async list({ repository, ...filter }) {
      const named = repository === undefined ? filter : { ...filter, repository: nameToCompare(repository) };
      return mapInTurns(await backend.call('listDeliveries', named), toRecord);
    },
    async earlierAlike(than) {
      const rows = await backend.call('earlierAlike', than);
      return mapInTurns(rows, ({ events, ...row }) => ({
        ...row,
        events: JSON.parse(events) as DeliveryRecord['events'],
      }));
    },
    arrivalTimes: (options) => backend.call('arrivalTimes', options),
    backlog: () => backend.call('backlog', undefined),
    prune: ({ before, limit }) =>
      inSlices({ limit, slice: MAX_DELETED }, (most) => backend.call('pruneDeliveries', { before, limit: most })),
    pruneLargeBodies: ({ before, limit }) =>
      inSlices({ limit, slice: MAX_DELETED_LARGE }, (most) =>
        backend.call('pruneLargeBodies', { before, limit: most }),
      ),
  };
}

/** Deletes up to `limit` in all, a slice at a time, until there is nothing left; returns how many. */
async function inSlices(
  { limit, slice }: { limit: number; slice: number },
  deleteUpTo: (most: number) => Promise<number>,
): Promise<number> {
  for (let deleted = 0; ; ) {
    const most = Math.min(slice, limit - deleted);
    const found = most > 0 ? await deleteUpTo(most) : 0;
    deleted += found;
    if (found < most || deleted >= limit) return deleted;
  }
}

function toKeep(delivery: NewDelivery): DeliveryToKeep & { body: Uint8Array<ArrayBuffer> } {
  const { events, ignored, verdicts } = delivery;
  const [first] = events;
  // No run waits for what somebody has edited: nobody has sent it.
  const place = first && !first.edited ? placeOf(first) : undefined;
  return {
    id: delivery.id,
    source: delivery.source,
    key: delivery.key,
    bodyHash: delivery.bodyHash,
    repeatedSince: delivery.repeatedSince,
    ...(delivery.repeatsOtherEvents && { notRepeated: withoutNul(delivery.eventName) }),
    eventName: withoutNul(delivery.eventName),
    receivedAt: delivery.receivedAt,
    headers: JSON.stringify(delivery.headers),
    events: JSON.stringify(events),
    ignored: ignored === undefined ? undefined : withoutNul(ignored),
    verdicts: JSON.stringify(packed(verdicts)),
    body: takeBytes(delivery.body),
    ...(place && { repository: withoutNul(place.repository) }),
    repositoryName: nameToCompare(events.map((event) => repositoryOf(event)?.fullName).find(Boolean) ?? ''),
    starts: verdicts.filter(asksForRun).map((verdict) => startToKeep(startOf(verdict))),
  };
}

/** Providers take the names of repositories in any case. */
function nameToCompare(fullName: string): string {
  return withoutNul(fullName.toLowerCase());
}

function startToKeep({ how, ...start }: NewStart): StartToKeep {
  return { ...start, ...(how && { how: JSON.stringify(how) }) };
}

function toRecord(row: DeliveryRow): DeliveryRecord {
  const { id, source, key, eventName, receivedAt, bodyBytes } = row;
  return {
    id,
    source,
    key,
    eventName,
    receivedAt,
    bodyBytes,
    ...(row.bodyDeleted === 1 && { bodyDeleted: true as const }),
    headers: JSON.parse(row.headers) as DeliveryRecord['headers'],
    events: JSON.parse(row.events) as DeliveryRecord['events'],
    ...(row.ignored !== null && { ignored: row.ignored }),
    verdicts: unpacked(JSON.parse(row.verdicts)),
    dispatches: (JSON.parse(row.dispatches) as Nullable<DispatchRecord>[]).map(withoutNull<DispatchRecord>),
    ...(row.given !== '[]' && { given: (JSON.parse(row.given) as Nullable<GivenTo>[]).map(withoutNull<GivenTo>) }),
  };
}

function withoutNull<T>(row: Nullable<T>): T {
  const known = Object.entries(row).filter(([, value]) => value !== null);
  return Object.fromEntries(known) as T;
}

function meaningOf({ id, source, key, eventName, receivedAt }: DeliveryRow): DeliveryMeaning {
  return { id, source, key, eventName, receivedAt };
}

/** A type as a database's JSON has it: what is absent is null. */
type Nullable<T> = { [K in keyof T]-?: undefined extends T[K] ? NonNullable<T[K]> | null : T[K] };

function toDispatch({ kind, id, workflowId, name, payload, event, how, since, attempt }: DispatchRow): Dispatch {
  switch (kind) {
    case 'start':
      return {
        kind,
        id,
        workflowId,
        automation: name,
        event: JSON.parse(event ?? 'null'),
        ...(how !== null && { how: JSON.parse(how) as RunOptions }),
        since,
        attempt,
      };
    case 'signal':
      return { kind, id, workflowId, signal: name, payload: fromJson(payload), attempt };
    default:
      return kind satisfies never;
  }
}

function printable(settlement: Settlement): Settlement {
  return 'error' in settlement ? { ...settlement, error: withoutNul(settlement.error) } : settlement;
}

/** Returns JSON; empty text stands for `undefined`, which JSON does not have. */
function toJson(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

function fromJson(text: string | null): unknown {
  return text ? JSON.parse(text) : undefined;
}
