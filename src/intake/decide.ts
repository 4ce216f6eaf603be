import type { HookyardEvent } from '../events/event.js';
import type { Closing, Telling } from '../providers/webhook-scheme.js';
import type { Inbox } from '../store/store.js';
import type { Automation } from '../triggers/automation.js';
import type { Verdict } from '../triggers/verdict.js';
import { whyNotAllowed } from './bound-source.js';
import type { Delivery, Sender } from './delivery.js';
import { enrichEvent } from './enrich-event.js';
import { withKnownHead } from './find-closed-head.js';
import { withLabelAction } from './label-change.js';
import { findSynthesised } from './late-delivery.js';
import type { LoopGuard } from './loop-guard.js';
import { type MatchOptions, matchAutomations } from './match-automations.js';
import type { Reading } from './read-events.js';
import { storedEvent } from './stored-event.js';

/** What becomes of a delivery. `ignored` is why nothing was matched. */
export type Decision =
  | { readonly ignored: string }
  | {
      readonly events: readonly HookyardEvent[];
      readonly verdicts: readonly Verdict[];
      readonly telling?: Telling | undefined;
    };

/** What {@link decide} asks. */
export interface DecideDeps {
  readonly automations: readonly Automation[];
  /** Absent where a delivery was not sent to us just now, and so can't be a part of a loop. */
  readonly loops?: LoopGuard;
  /** Absent where no delivery can be late: it was fetched by reconciling, or is only explained. */
  readonly inbox?: Pick<Inbox, 'has' | 'list'>;
  /** Where earlier deliveries are looked up, for what a payload does not tell; `inbox` where that is there. */
  readonly stored?: Pick<Inbox, 'list'>;
}

interface Question {
  readonly sender: Omit<Sender, 'name'>;
  readonly delivery: Pick<Delivery, 'source' | 'key' | 'receivedAt'>;
}

/**
 * Decides what becomes of a delivery. The questions are asked in this order, and the first that is answered ends it: does
 * the provider's side ignore it, may the source speak for the repository, is it a loop, has reconciling made it already,
 * which automations match.
 *
 * Only for a source that is reconciled by state, for labels that a payload tells without what was done to them, and for a closed
 * pull request that names no head, is the inbox looked up; for all others the decision is there at once, unless matching takes long.
 */
export function decide(
  reading: Reading,
  { sender, delivery }: Question,
  { automations, loops, inbox, stored = inbox }: DecideDeps,
): Decision | Promise<Decision> {
  // Every delivery of a chain counts, also one that is ignored for another reason.
  const loop = loops && loopOf(sender, delivery, loops);
  if ('ignored' in reading) {
    const { ignored, closing } = reading;
    if (!closing || !stored || loop !== undefined) return { ignored: closing ? (loop ?? ignored) : ignored };
    return decideClosing(closing, { ignored, question: { sender, delivery }, deps: { automations, stored } });
  }
  const { events, telling } = reading;
  const ignored = whyNotAllowed(events, sender.source) ?? loop;
  if (ignored !== undefined) return { ignored };
  const { source, key } = delivery;
  const canAsk = 'api' in sender.source && sender.source.api !== undefined;
  if (reading.labelsChanged && inbox) {
    const known = Promise.all(events.map((event) => withLabelAction(event, { source, inbox })));
    return known.then((all) => matched(all, { key, automations, canAsk, telling }));
  }
  if (inbox === undefined || !sender.reconciledByState) return matched(events, { key, automations, canAsk, telling });
  return findSynthesised(events, { source, inbox }).then((late) => {
    const [because] = late.values();
    if (because !== undefined && late.size === events.length) return { ignored: because };
    return matched(events, { key, automations, canAsk, late, telling });
  });
}

async function decideClosing(
  closing: Closing,
  {
    ignored,
    question,
    deps,
  }: {
    ignored: string;
    question: Question;
    deps: Pick<DecideDeps, 'automations'> & Required<Pick<DecideDeps, 'stored'>>;
  },
): Promise<Decision> {
  const event = await withKnownHead(closing, { source: question.delivery.source, inbox: deps.stored });
  if (!event) return { ignored };
  const { telling } = closing;
  return decide({ events: [enrichEvent(event, question.sender.source)], telling }, question, deps);
}

function matched(
  events: readonly HookyardEvent[],
  { telling, ...options }: MatchOptions & { readonly telling: Telling | undefined },
): Decision | Promise<Decision> {
  const decided = (verdicts: readonly Verdict[]): Decision => ({
    events: events.map((event, part) => storedEvent(event, options.late?.get(part))),
    verdicts,
    ...(telling !== undefined && { telling }),
  });
  const verdicts = matchAutomations(events, options);
  return verdicts instanceof Promise ? verdicts.then(decided) : decided(verdicts);
}

function loopOf(
  { scheme, headers }: Question['sender'],
  { source, key, receivedAt }: Question['delivery'],
  loops: LoopGuard,
): string | undefined {
  const chain = scheme.correlationId?.(headers);
  return chain ? loops.look({ source, chain, key, at: receivedAt }) : undefined;
}
