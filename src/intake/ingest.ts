import { createHash } from 'node:crypto';
import type { Config } from '../config/config.js';
import type { HookyardEvent, PullRequestEvent, PushEvent } from '../events/event.js';
import type { Logger } from '../log.js';
import { MalformedPayload } from '../providers/webhook-scheme.js';
import type { Inbox, NewDelivery } from '../store/store.js';
import type { Automation } from '../triggers/automation.js';
import { strangerOf, toRow } from './decide.js';
import { readDelivery } from './delivery.js';
import { deliveryId } from './delivery-id.js';
import { knownSources } from './known-sources.js';
import { matchAutomations } from './match-automations.js';

export interface IngestDeps {
  readonly config: Pick<Config, 'sources' | 'inbox'>;
  readonly inbox: Pick<Inbox, 'accept'>;
  /** Asked for each delivery: automations may be reloaded. */
  readonly automations: () => readonly Automation[];
  readonly log: Logger;
}

interface Given {
  readonly source: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

type Made<E> = Omit<E, 'deliveryId' | 'receivedAt'>;

type Taken = { readonly outcome: 'stored' | 'known' } | { readonly outcome: 'refused'; readonly because: string };

export interface Ingest {
  delivery(given: Given): Promise<Taken>;
  event(given: { readonly key: string; readonly event: Made<PushEvent> | Made<PullRequestEvent> }): Promise<Taken>;
}

/**
 * Puts deliveries into the inbox that no request brought, for whoever has them from the provider's own API: named,
 * normalised and judged as the receiver does it. Nothing is verified here: the API's credentials stand for it. The
 * dispatcher of any server starts what they ask for.
 */
export function createIngest({ config, inbox, automations, log }: IngestDeps): Ingest {
  const sources = knownSources(config.sources);
  const sourceNamed = (name: string) => (Object.hasOwn(sources, name) ? sources[name] : undefined);

  async function keep(row: NewDelivery): Promise<Taken> {
    const { stored } = await inbox.accept(row);
    const outcome = stored ? 'stored' : 'known';
    const { id: delivery, source, key, eventName: event } = row;
    log.info({ source, delivery, key, event, outcome }, 'taken in');
    return { outcome };
  }

  return {
    async delivery({ source: name, headers, body }) {
      const known = sourceNamed(name);
      if (!known) return unknownSource(name);
      const admitted = { ...known, name, headers };
      try {
        const payload = known.kind.parse({ headers, body });
        const delivery = readDelivery(admitted, { body, payload, receivedAt: Date.now() });
        return await keep(toRow(delivery, admitted, { inbox: config.inbox, automations: automations() }));
      } catch (error) {
        if (error instanceof MalformedPayload) return { outcome: 'refused', because: error.message };
        throw error;
      }
    },

    async event({ key, event: made }) {
      const { source } = made;
      const id = deliveryId(source, key);
      const receivedAt = Date.now();
      const event: HookyardEvent = { ...made, deliveryId: id, receivedAt: new Date(receivedAt).toISOString() };
      const known = sourceNamed(source);
      if (!known) return unknownSource(source);
      // Nobody sent it: what no delivery of the source may say is not made up for it either.
      const stranger = strangerOf([event], known.source);
      if (stranger !== undefined) return { outcome: 'refused', because: stranger };
      return keep({
        id,
        source,
        key,
        bodyHash: createHash('sha256').update(id).digest('hex'),
        // Its key says it all: no other's body is a repeat of it.
        repeatedSince: Number.MAX_SAFE_INTEGER,
        eventName: `sweep ${event.kind}`,
        receivedAt,
        headers: {},
        body: Buffer.from(JSON.stringify(made)),
        events: [event],
        verdicts: matchAutomations([event], key, automations()),
      });
    },
  };
}

function unknownSource(name: string): Taken {
  return { outcome: 'refused', because: `there is no source ${JSON.stringify(name)}` };
}
