import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config/config.js';
import type { HookyardEvent } from '../events/event.js';
import { type AcceptingInbox, accept } from '../intake/accept.js';
import { type Decision, decide } from '../intake/decide.js';
import type { Delivery, Sender } from '../intake/delivery.js';
import { isLight } from '../intake/large-bodies/is-light.js';
import { createLargeBodyReader, type LargeBodyReader } from '../intake/large-bodies/reader.js';
import { createLoopGuard, type LoopGuard } from '../intake/loop-guard.js';
import { MAX_VALUES, type Understood, understand, type VerifiedRequest } from '../intake/understand.js';
import type { Logger } from '../log.js';
import type { KnownSources } from '../providers/known-sources.js';
import { rawDelivery } from '../providers/webhook-scheme.js';
import type { Inbox } from '../store/store.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Automation } from '../triggers/automation.js';
import { asksForRun } from '../triggers/verdict.js';
import { acceptedOutcome, withTrace } from './accepted-outcome.js';
import { admit, unverified } from './admit.js';
import { type DeliveryLine, logDelivery, noteVerdicts } from './delivery-line.js';
import type { BodyBudget, BodyShare } from './http/body-budget.js';
import { HttpError } from './http/http-error.js';
import type { PeerOf } from './http/peer.js';
import { readBody } from './http/read-body.js';
import { sendJson } from './http/send-json.js';
import type { Limits } from './limits.js';
import type { ReceiverMetrics } from './metrics.js';
import { errorOutcome, type Outcome } from './outcome.js';
import { createRefusalLog } from './refusal-log.js';
import type { SourceLimit } from './source-limit.js';

/** What {@link createWebhookHandler} works with. */
export interface WebhookDeps {
  readonly config: Pick<Config, 'inbox'>;
  readonly sources: KnownSources;
  readonly inbox: AcceptingInbox & Pick<Inbox, 'has'>;
  /** Asked for each delivery: automations may be reloaded while the receiver runs. */
  readonly automations: () => readonly Automation[];
  readonly log: Logger;
  readonly metrics?: Pick<ReceiverMetrics, 'delivery'> | undefined;
  readonly tracing?: Pick<Tracing, 'delivery'> | undefined;
  readonly budget: BodyBudget;
  readonly peerOf: PeerOf;
  readonly sourceLimit: Pick<SourceLimit, 'take'>;
  readonly limits: Limits;
  /** Called when there is something to start. */
  readonly wake: () => void;
  /** Tells runs that wait for an approval what makes it void. Never rejects. */
  readonly outdate: (events: readonly HookyardEvent[]) => Promise<void>;
  /** Unix ms. */
  readonly now: () => number;
}

/** Answers one request. Never rejects. */
export type WebhookHandler = (req: IncomingMessage, res: ServerResponse, sourceName: string) => Promise<void>;

/** Creates the handler of `POST /webhooks/<source>`, which answers 2xx only when the delivery is on disk. */
export function createWebhookHandler(deps: WebhookDeps): WebhookHandler {
  const largeBodies = createLargeBodyReader({ sources: deps.sources, inbox: deps.config.inbox });
  const all = { ...deps, loops: createLoopGuard(), largeBodies };
  // Of what is over a limit, only the first of a minute has a line: its sender is known, and sends it all again.
  const summedUp = { others: createRefusalLog(deps.log), limited: createRefusalLog(deps.log, { lines: 1 }) };
  return async (req, res, sourceName) => {
    const began = performance.now();
    const beganAt = deps.now();
    const share = deps.budget.open();
    const line: DeliveryLine = Object.hasOwn(deps.sources, sourceName) ? { source: sourceName } : {};
    const outcome = await receive(all, { req, sourceName, share, line })
      .catch(errorOutcome)
      .finally(() => share.release());
    const traceId = deps.tracing?.delivery({
      source: line.source,
      deliveryId: line.delivery,
      outcome: outcome.kind,
      status: outcome.answer.status,
      receivedAt: beganAt,
      senders: req.headers.traceparent?.toString(),
    });
    sendJson(req, res, traceId ? withTrace(outcome.answer, traceId) : outcome.answer);
    const ms = performance.now() - began;
    const { source } = line;
    const { because, kind } = outcome;
    // Whoever knows no secret leaves no line for each request.
    const isKnown = line.delivery !== undefined || kind === 'failed';
    const log = kind === 'limited' ? summedUp.limited : summedUp.others;
    if (isKnown || log.isLogged({ source, because })) logDelivery(deps.log, line, { ...outcome, ms });
    deps.metrics?.delivery({
      source: line.source,
      outcome: kind,
      ms,
      bytes: line.bytes ?? 0,
      ...(line.unreadable && { unreadable: true }),
      ...(line.refsLeftOut && outcome.kind !== 'duplicate' && { refsLeftOut: line.refsLeftOut }),
    });
  };
}

interface Request {
  readonly req: IncomingMessage;
  readonly sourceName: string;
  readonly share: BodyShare;
  readonly line: DeliveryLine;
}

type ReceiveDeps = WebhookDeps & {
  readonly loops: LoopGuard;
  readonly largeBodies: LargeBodyReader;
};

async function receive(deps: ReceiveDeps, { req, sourceName, share, line }: Request): Promise<Outcome> {
  const receivedAt = deps.now();
  const { sender, kind } = admit(req, sourceName, { sources: deps.sources, now: receivedAt });
  if (kind === 'ping') return unsignedPing;
  const { scheme, headers } = sender;
  const body = await readBody(
    req,
    {
      maxBytes: scheme.maxBodyBytes,
      deadlineMs: deps.limits.bodyDeadlineMs,
      unverifiedOf: kind === 'open' ? deps.peerOf(req) : undefined,
    },
    share,
  );
  line.bytes = body.length;
  const raw = rawDelivery({ headers, body, maxValues: sender.source.maxValues ?? MAX_VALUES });
  if (kind === 'open' && !(await scheme.verify(raw, receivedAt))) throw unverified();
  deps.sourceLimit.take({ name: sourceName, source: sender.source, bytes: body.length });
  const request = { raw, receivedAt };
  const read = isLight(body)
    ? readAndDecide(deps, sender, { request, line })
    : decideAbout(deps, sender, { understood: await deps.largeBodies.read(sender, request), line });
  if ('answer' in read) return read;
  const decision = read.decision instanceof Promise ? await read.decision : read.decision;
  const accepted = await accept(read.delivery, decision, { inbox: deps.inbox });
  if (accepted.repeats === undefined) {
    if (accepted.kept.verdicts.some(asksForRun)) deps.wake();
    void deps.outdate(accepted.kept.events);
  }
  noteVerdicts(line, accepted.kept);
  return acceptedOutcome(accepted);
}

interface Decided {
  readonly delivery: Delivery;
  readonly decision: Decision | Promise<Decision>;
}

/**
 * Reads a verified delivery and decides about it. A function of its own, without a wait in it: in {@link receive} the
 * payload, a hundred objects, would live until the disk is synced, and the garbage collector would copy it meanwhile. That
 * was measured.
 */
function readAndDecide(
  deps: ReceiveDeps,
  sender: Sender,
  { request, line }: { readonly request: VerifiedRequest; readonly line: DeliveryLine },
): Decided | Outcome {
  return decideAbout(deps, sender, { understood: understand(sender, request, deps.config.inbox), line });
}

/** Decides about what was read of a delivery, or answers one that only checks that somebody answers. */
function decideAbout(
  { loops, inbox, automations }: ReceiveDeps,
  sender: Sender,
  { understood, line }: { readonly understood: Understood; readonly line: DeliveryLine },
): Decided | Outcome {
  switch (understood.kind) {
    case 'challenge':
      return { kind: 'ignored', because: 'challenge', answer: { status: 200, body: understood.answer } };
    case 'too large':
      throw new HttpError(413, understood.because);
    case 'unreadable': {
      const { delivery, because } = understood;
      Object.assign(line, { delivery: delivery.id, key: delivery.key, unreadable: true });
      return { delivery, decision: { ignored: `it can't be read: ${because}` } };
    }
    case 'read': {
      const { delivery, reading } = understood;
      Object.assign(line, { delivery: delivery.id, key: delivery.key, event: delivery.eventName });
      const decision = decide(reading, { sender, delivery }, { automations: automations(), loops, inbox });
      return { delivery, decision };
    }
    default:
      return understood satisfies never;
  }
}

/** A settings page checks that somebody answers. It did not sign, so the secret was not checked. */
const unsignedPing: Outcome = {
  kind: 'ignored',
  because: 'an unsigned ping',
  answer: { status: 200, body: { ignored: 'ping; it is not signed, so the secret was not checked' } },
};
