import type { HookyardEvent } from '../events/event.js';
import { MAX_EVENT } from '../runs/event-size.js';
import { WAIT_SIGNAL, type WaitSignal } from '../runs/names.js';
import type { Preconditions } from '../runs/options.js';
import type { Trigger } from '../triggers/trigger.js';
import type { About } from '../waits/about.js';
import { type Next, nextFor } from '../waits/next-for.js';
import type { Backend, Gift, OpenWaitRow, Taken, WaitPage } from './backend.js';
import type { GivenEvent, Look, NewWait, Waits } from './store.js';
import { waitSignalId } from './wait-rows.js';
import { withoutNul } from './without-nul.js';

/** Waits that are compared at once, and deliveries. More of either come with the next look. */
const PAGE = { waits: 500, deliveries: 20 };

const NOTHING = { given: [], tooLarge: [], broken: [] } as const;

/** Returns the waits over any database. */
export function createWaits(backend: Backend): Waits {
  async function given(id: string): Promise<GivenEvent | undefined> {
    const row = await backend.call('givenToWait', id);
    if (!row || row.event === null) return undefined;
    return { event: JSON.parse(row.event) as HookyardEvent, asks: JSON.parse(row.asks) as Preconditions };
  }

  return {
    open: ({ on, about, newerThan, ...wait }) =>
      backend.call('openWait', {
        ...wait,
        title: withoutNul(wait.title),
        repository: withoutNul(wait.repository),
        triggers: JSON.stringify(on),
        about: JSON.stringify({ ...about, ...(newerThan && { newerThan }) }),
      }),
    async close(id) {
      await backend.call('closeWait', id);
      return given(id);
    },
    free: (id) => backend.call('freeWait', id),
    given,
    closeAll: (runs) => backend.call('closeWaits', runs),
    toLookAt: (options) => backend.call('placesToLookAt', options),
    async look(place) {
      const page = await backend.call('readWaits', { ...place, ...PAGE });
      const last = page.deliveries.at(-1);
      if (!last) return { ...NOTHING, more: false };
      const { gifts, ...looked } = compare(page);
      const seen = { ids: page.waits.map(({ id }) => id), upTo: last.seq };
      const bytes = gifts.reduce((sum, { signal }) => sum + signal.payload.length, 0);
      const areGiven = await backend.call('giveWaits', { gifts, seen }, { bytes });
      const isFull = page.deliveries.length === PAGE.deliveries || page.waits.length === PAGE.waits;
      return areGiven ? { ...looked, more: isFull } : { ...NOTHING, more: true };
    },
    async list(filter) {
      const rows = await backend.call('listWaits', filter);
      return rows.map(({ ends, triggers, ...row }) => ({
        ...row,
        on: JSON.parse(triggers) as Trigger[],
        ...(ends === 1 && { ends: true as const }),
      }));
    },
    toAskAbout: (options) => backend.call('waitersToAskAbout', options),
  };
}

/** Finds what each wait gets; a run gets an event by one of its waits only. */
function compare(page: WaitPage): Omit<Look, 'more'> & { readonly gifts: readonly Gift[] } {
  const arrived = page.deliveries.map(({ events, ...delivery }) => ({
    ...delivery,
    events: JSON.parse(events) as HookyardEvent[],
  }));
  const taken = new Set(page.taken.map(nameOf));
  const gifts: Gift[] = [];
  const given: Look['given'][number][] = [];
  const tooLarge: Look['tooLarge'][number][] = [];
  const broken: Look['broken'][number][] = [];
  const idOf = ({ delivery }: Next) => arrived.find(({ seq }) => seq === delivery)?.id ?? '';
  for (const row of page.waits) {
    const { workflowId } = row;
    const isLarge = new Set<string>();
    const isTaken = (delivery: number, part: number) =>
      isLarge.has(`${delivery}/${part}`) || taken.has(nameOf({ ...row, delivery, part }));
    const compareOn = () => {
      try {
        return nextFor(waitingOf(row), arrived, isTaken);
      } catch (error) {
        broken.push({ workflowId, error });
        return undefined;
      }
    };
    for (;;) {
      const next = compareOn();
      if (!next) break;
      const { delivery, part } = next;
      if (Buffer.byteLength(JSON.stringify(next.event)) > MAX_EVENT) {
        isLarge.add(`${delivery}/${part}`);
        tooLarge.push({ workflowId, deliveryId: idOf(next) });
        continue;
      }
      taken.add(nameOf({ ...row, delivery, part }));
      gifts.push(giftOf(row, next));
      given.push({ workflowId, deliveryId: idOf(next) });
      break;
    }
  }
  return { gifts, given, tooLarge, broken };
}

function nameOf({ workflowId, ends, delivery, part }: Taken): string {
  return `${delivery}/${part}/${ends}/${workflowId}`;
}

function waitingOf({ about, triggers, until, seen }: OpenWaitRow) {
  const { newerThan, ...what } = JSON.parse(about) as About & Pick<NewWait, 'newerThan'>;
  return { about: what, newerThan, on: triggersOf(triggers), until, seen };
}

/** Many waits have the same triggers, and matching keeps what it has worked out of a list of them. */
const known = new Map<string, readonly Trigger[]>();
const MAX_KNOWN = 500;

function triggersOf(text: string): readonly Trigger[] {
  const on = known.get(text) ?? (JSON.parse(text) as Trigger[]);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, on);
  return on;
}

function giftOf({ id, workflowId }: OpenWaitRow, { delivery, part, event, asks }: Next): Gift {
  const payload: WaitSignal = { wait: id, event, asks };
  return {
    ...{ id, delivery, part, asks: JSON.stringify(asks) },
    signal: { id: waitSignalId(id), workflowId, name: WAIT_SIGNAL, payload: JSON.stringify(payload) },
  };
}
