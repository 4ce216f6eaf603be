import type { Config, Source } from '../config/config.js';
import { repositoryOf } from '../events/accessors.js';
import type { HookyardEvent } from '../events/event.js';
import { eventsOf } from '../providers/webhook-scheme.js';
import type { Admitted } from '../server/admit.js';
import type { NewDelivery } from '../store/store.js';
import type { Automation } from '../triggers/automation.js';
import { included } from '../triggers/glob.js';
import type { Delivery } from './delivery.js';
import { enrichEvent } from './enrich-event.js';
import { keptHeaders } from './kept-headers.js';
import { matchAutomations } from './match-automations.js';
import { storedEvent } from './stored-event.js';

export interface RowDeps {
  readonly inbox: Pick<Config['inbox'], 'repeatedBodyHours'>;
  readonly automations: readonly Automation[];
}

/** Normalises a delivery, asks the automations, and puts together what is stored. Throws {@link MalformedPayload}. */
export function toRow(delivery: Delivery, { source: settings, kind, headers }: Admitted, deps: RowDeps): NewDelivery {
  const { id, source, key, bodyHash, eventName, receivedAt, body, payload } = delivery;
  const context = { source, deliveryId: id, receivedAt: new Date(receivedAt).toISOString() };
  const normalised = kind.normalise(payload, eventName, context);
  const repeatedSince = startOfWindow(deps.inbox.repeatedBodyHours, receivedAt);
  const row = {
    id,
    source,
    key,
    bodyHash,
    repeatedSince,
    eventName,
    receivedAt,
    headers: keptHeaders(headers, kind.credentialHeaders),
    body,
  };
  if ('ignored' in normalised) return { ...row, events: [], ignored: normalised.ignored, verdicts: [] };
  const events = eventsOf(normalised).map((event) => enrichEvent(event, settings));
  const stranger = strangerOf(events, settings);
  if (stranger !== undefined) return { ...row, events: [], ignored: stranger, verdicts: [] };
  return { ...row, events: events.map(storedEvent), verdicts: matchAutomations(events, key, deps.automations) };
}

/** Says that a source's secret was not given for a repository: one secret may be known in many places. */
export function strangerOf(events: readonly HookyardEvent[], source: Source): string | undefined {
  const allowed = 'repositories' in source ? source.repositories : undefined;
  if (!allowed) return undefined;
  const stranger = events
    .map((event) => repositoryOf(event)?.fullName)
    .find((fullName) => fullName !== undefined && !included(fullName, allowed));
  return stranger && `the source may not speak for ${stranger}: it is not in its repositories`;
}

/** Unix ms. A window of no length is one that has not begun: no body counts as a repeat. */
function startOfWindow(hours: number, now: number): number {
  return hours === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(now - hours * 3_600_000);
}
