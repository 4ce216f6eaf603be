import type { Config } from '../config/config.js';
import type { HookyardEvent, PullRequestEvent, PushEvent, ReleaseEvent, TagEvent } from '../events/event.js';
import type { Logger } from '../log.js';
import type { KnownSources } from '../providers/known-sources.js';
import { MalformedPayload } from '../providers/webhook-scheme.js';
import type { Automation } from '../triggers/automation.js';
import { type AcceptingInbox, accept } from './accept.js';
import { type Decision, decide } from './decide.js';
import { type Delivery, ownDelivery, readDelivery, type Sender, unreadableDelivery } from './delivery.js';
import { notSuperseding } from './not-superseding.js';
import { readEvents } from './read-events.js';
import { MAX_VALUES } from './understand.js';

/** What is fetched comes late: what another hook has told of it may be a day old, in milliseconds. */
const RETOLD_MS = 24 * 3_600_000;

/** What {@link createIngest} works with. */
export interface IngestDeps {
  readonly config: Pick<Config, 'inbox'>;
  readonly sources: KnownSources;
  readonly inbox: AcceptingInbox;
  /** Asked for each delivery: automations may be reloaded. */
  readonly automations: () => readonly Automation[];
  readonly log: Logger;
  /** Tells runs that wait for an approval what makes it void. Never rejects. */
  readonly outdate: (events: readonly HookyardEvent[]) => Promise<void>;
}

/** A delivery that a provider's API lists. */
interface FetchedDelivery {
  readonly source: string;
  /** The key by which the provider lists it. */
  readonly key?: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An event without a delivery: reconciling found it by comparing states. */
interface SynthesisedEvent {
  readonly key: string;
  readonly event:
    | Synthesised<PushEvent>
    | Synthesised<PullRequestEvent>
    | Synthesised<TagEvent>
    | Synthesised<ReleaseEvent>;
}

type Synthesised<E> = Omit<E, 'deliveryId' | 'receivedAt'>;

type Ingested = { readonly outcome: 'stored' | 'known' } | { readonly outcome: 'refused'; readonly because: string };

/** Stores what reconciling has found. */
export interface Ingest {
  /** Stores a delivery that was fetched from the provider's API. */
  delivery(fetched: FetchedDelivery): Promise<Ingested>;
  /** Stores an event of our own making. */
  event(synthesised: SynthesisedEvent): Promise<Ingested>;
}

/**
 * Puts deliveries into the inbox that no request brought, for reconciling: named, read and decided as the receiver does
 * it, also those that can't be read. Nothing is verified here: they come by the API's credentials. The dispatcher of any
 * server starts their runs.
 */
export function createIngest({ config, sources, inbox, automations, log, outdate }: IngestDeps): Ingest {
  const sourceNamed = (name: string) => (Object.hasOwn(sources, name) ? sources[name] : undefined);

  async function store(delivery: Delivery, decision: Decision): Promise<Ingested> {
    const { kept, repeats } = await accept(delivery, notSuperseding(decision), { inbox, retoldMs: RETOLD_MS });
    const outcome = repeats === undefined ? 'stored' : 'known';
    if (repeats === undefined) await outdate(kept.events);
    const { id, source, key, eventName: event } = delivery;
    log.info({ source, delivery: id, key, event, outcome }, 'ingested a delivery found by reconciling');
    return { outcome };
  }

  return {
    async delivery({ source: name, key: listed, headers, body }) {
      const known = sourceNamed(name);
      if (!known) return unknownSource(name);
      const sender: Sender = { ...known, name, headers };
      const receivedAt = Date.now();
      try {
        const payload = known.scheme.parse({ headers, body, maxValues: known.source.maxValues ?? MAX_VALUES });
        const delivery = readDelivery(sender, { body, payload, receivedAt }, config.inbox);
        const reading = readEvents(payload, known, delivery);
        return await store(
          delivery,
          await decide(reading, { sender, delivery }, { automations: automations(), stored: inbox }),
        );
      } catch (error) {
        if (!(error instanceof MalformedPayload)) throw error;
        const delivery = unreadableDelivery(sender, { body, receivedAt, listed });
        return store(delivery, { ignored: `it can't be read: ${error.message}` });
      }
    },

    async event({ key, event: synthesised }) {
      const { source } = synthesised;
      const known = sourceNamed(source);
      if (!known) return unknownSource(source);
      const delivery = ownDelivery({ source, key, eventName: `sweep ${synthesised.kind}` }, synthesised);
      const receivedAt = new Date(delivery.receivedAt).toISOString();
      const event: HookyardEvent = { ...synthesised, deliveryId: delivery.id, receivedAt };
      const sender = { ...known, headers: {} };
      const decision = await decide({ events: [event] }, { sender, delivery }, { automations: automations() });
      // Nobody sent it, so what no delivery of the source may say is not stored as ignored, but not made at all.
      if ('ignored' in decision) return { outcome: 'refused', because: decision.ignored };
      return store(delivery, decision);
    },
  };
}

function unknownSource(name: string): Ingested {
  return { outcome: 'refused', because: `there is no source ${JSON.stringify(name)}` };
}
