import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/config.js';
import { toRow } from '../intake/decide.js';
import { readDelivery } from '../intake/delivery.js';
import type { KnownSources } from '../intake/known-sources.js';
import { dropIfSynthesised, isSwept } from '../intake/late-delivery.js';
import { createLoopGuard, type LoopGuard } from '../intake/loop-guard.js';
import type { Logger } from '../log.js';
import { type RawDelivery, rawDelivery } from '../providers/webhook-scheme.js';
import type { Acceptance, Inbox, NewDelivery } from '../store/store.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Automation } from '../triggers/automation.js';
import { asksForRun } from '../triggers/verdict.js';
import { type Admitted, admit, unverified } from './admit.js';
import { toAnswer, withTrace } from './answer.js';
import { type DeliveryLine, logDelivery, noteVerdicts } from './delivery-line.js';
import type { BodyBudget, BodyShare } from './http/body-budget.js';
import { readBody } from './http/read-body.js';
import { sendJson } from './http/send-json.js';
import type { Limits } from './limits.js';
import type { ReceiverMetrics } from './metrics.js';
import { type Ending, endingOf } from './outcome.js';

export interface WebhookDeps {
  readonly config: Pick<Config, 'sources' | 'inbox'>;
  readonly sources: KnownSources;
  readonly inbox: Pick<Inbox, 'accept' | 'has' | 'list'>;
  /** Asked for each delivery: automations may be reloaded while the receiver runs. */
  readonly automations: () => readonly Automation[];
  readonly log: Logger;
  readonly metrics?: Pick<ReceiverMetrics, 'delivery'> | undefined;
  readonly tracing?: Pick<Tracing, 'delivery'> | undefined;
  readonly budget: BodyBudget;
  readonly limits: Limits;
  /** Called when there is something to start. */
  readonly wake: () => void;
  /** Unix ms. */
  readonly now: () => number;
}

export type WebhookHandler = (req: IncomingMessage, res: ServerResponse, sourceName: string) => Promise<void>;

/** Answers `POST /webhooks/<source>`: 2xx only when the delivery is on disk. Never rejects. */
export function createWebhookHandler(deps: WebhookDeps): WebhookHandler {
  const all = { ...deps, loops: createLoopGuard() };
  return async (req, res, sourceName) => {
    const began = performance.now();
    const beganAt = deps.now();
    const share = deps.budget.open();
    const line: DeliveryLine = Object.hasOwn(deps.config.sources, sourceName) ? { source: sourceName } : {};
    const ending = await receive(all, { req, sourceName, share, line })
      .catch(endingOf)
      .finally(() => share.release());
    const traceId = deps.tracing?.delivery({
      source: line.source,
      deliveryId: line.delivery,
      outcome: ending.outcome,
      status: ending.answer.status,
      receivedAt: beganAt,
      senders: req.headers.traceparent?.toString(),
    });
    sendJson(req, res, traceId ? withTrace(ending.answer, traceId) : ending.answer);
    const ms = performance.now() - began;
    logDelivery(deps.log, line, { ...ending, ms });
    deps.metrics?.delivery({ source: line.source, outcome: ending.outcome, ms });
  };
}

interface Request {
  readonly req: IncomingMessage;
  readonly sourceName: string;
  readonly share: BodyShare;
  readonly line: DeliveryLine;
}

async function receive(
  deps: WebhookDeps & { readonly loops: LoopGuard },
  { req, sourceName, share, line }: Request,
): Promise<Ending> {
  const receivedAt = deps.now();
  const admitted = admit(req, sourceName, deps.sources);
  const { kind, headers } = admitted;
  if (!kind.isSigned(headers)) return unsignedPing;
  const limits = { maxBytes: kind.maxBodyBytes, deadlineMs: deps.limits.bodyDeadlineMs };
  const body = await readBody(req, limits, share);
  line.bytes = body.length;
  const raw = rawDelivery({ headers, body });
  if (!(await kind.verify(raw, receivedAt))) throw unverified();
  const read = readRow(deps, admitted, { raw, receivedAt, line });
  if ('answer' in read) return read;
  const row = isSwept(admitted.source) ? await dropIfSynthesised(read, deps.inbox) : read;
  const acceptance = await deps.inbox.accept(row);
  if (acceptance.stored && row.verdicts.some(asksForRun)) deps.wake();
  noteVerdicts(line, acceptance.stored ? row : acceptance.first);
  return { ...outcomeOf(row, acceptance), answer: toAnswer(row, acceptance) };
}

interface Verified {
  readonly raw: RawDelivery;
  /** Unix ms. */
  readonly receivedAt: number;
  readonly line: DeliveryLine;
}

/**
 * What is stored of a verified delivery, or the answer to one that only asks whether somebody is here. In one go and not
 * in {@link receive}: there the payload, a hundred objects, would live until the disk is synced, and the garbage
 * collector would carry it about meanwhile.
 */
function readRow(
  deps: WebhookDeps & { readonly loops: LoopGuard },
  admitted: Admitted,
  { raw, receivedAt, line }: Verified,
): NewDelivery | Ending {
  const { kind } = admitted;
  const payload = kind.parse(raw);
  const challenge = kind.challenge?.(payload);
  if (challenge) return { outcome: 'ignored', because: 'challenge', answer: { status: 200, body: challenge } };
  const delivery = readDelivery(admitted, { body: raw.body, payload, receivedAt });
  Object.assign(line, { delivery: delivery.id, key: delivery.key, event: delivery.eventName });
  const row = toRow(delivery, admitted, { inbox: deps.config.inbox, automations: deps.automations() });
  return unlessLoop(row, admitted, deps.loops);
}

/** Stored all the same, so that it can be seen what went round. */
function unlessLoop(row: NewDelivery, { kind, headers }: Admitted, loops: LoopGuard): NewDelivery {
  const chain = kind.chain?.(headers);
  const ignored = chain && loops.look({ source: row.source, chain, key: row.key, at: row.receivedAt });
  return ignored ? { ...row, events: [], verdicts: [], ignored } : row;
}

/** The settings page wants to know that somebody is here. Whether the secret is right, it did not ask. */
const unsignedPing: Ending = {
  outcome: 'ignored',
  because: 'an unsigned ping',
  answer: { status: 200, body: { ignored: 'ping; it is not signed, so the secret was not checked' } },
};

function outcomeOf(row: NewDelivery, acceptance: Acceptance): Pick<Ending, 'outcome' | 'because'> {
  if (!acceptance.stored) {
    return { outcome: 'duplicate', because: `the same ${acceptance.repeats} was received before` };
  }
  if (row.ignored) return { outcome: 'ignored', because: row.ignored };
  const started = row.verdicts.find(asksForRun);
  if (started) return { outcome: 'stored', because: started.because };
  return { outcome: 'ignored', because: 'no automation matched' };
}
