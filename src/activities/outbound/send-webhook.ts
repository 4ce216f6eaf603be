import { Context, metricMeter } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { Webhook } from 'standardwebhooks';
import type { Agent } from 'undici';
import { withDeadline } from '../../async/deadline.js';
import type { Config } from '../../config/config.js';
import { guardedAgent } from '../../http/guarded-agent.js';
import { isRefusal } from '../../runs/refusal.js';
import { maskOf } from '../../secrets/mask.js';
import { maskText } from '../../secrets/mask-values.js';
import type { Activities, OutboundMessage } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { notConfigured, refused } from '../failures.js';
import { endpointHeaders } from './endpoint-headers.js';
import { type Posted, post } from './post.js';
import { SCHEDULE, waitAfter } from './retry-schedule.js';

type Endpoint = Config['endpoints'][string];

const MAX_BODY = 1024 * 1024;
/** In bytes, as Standard Webhooks demands: with fewer, a signature could be forged. */
const SHORTEST_SECRET = 24;
/** Deadline for noting an attempt: with the request's 15 seconds, it is within the activity's timeout. */
const NOTING_MS = 10_000;

/**
 * Sends one message to an endpoint, signed by Standard Webhooks (https://www.standardwebhooks.com), and notes each
 * attempt in the store. Temporal retries it after the delay that the failure names: the endpoint's answer decides
 * whether and when.
 */
export function createSendWebhook(
  { config, store, log }: ActivityDeps,
  { schedule = SCHEDULE, deadlineMs }: { schedule?: readonly number[]; deadlineMs?: number } = {},
): Activities['sendWebhook'] {
  const agents = new Map<boolean, Agent>();
  const agentFor = (allowPrivate: boolean): Agent => {
    const agent = agents.get(allowPrivate) ?? guardedAgent({ allowPrivate });
    agents.set(allowPrivate, agent);
    return agent;
  };

  return async function sendWebhook(message) {
    const { endpoint: name, id: messageId } = message;
    const endpoint = endpointOf(config, name);
    const { attempt, workflowExecution } = Context.current().info;
    const run = workflowExecution?.workflowId;
    const body = JSON.stringify({ type: message.type, timestamp: message.timestamp, data: message.data });
    if (Buffer.byteLength(body) > MAX_BODY)
      throw refused(`message ${messageId} is larger than 1 MB: send a reference instead`);
    const at = Date.now();
    const note = async (outcome: { status?: number; answer?: string; error?: string }) => {
      const durationMs = Date.now() - at;
      const noted = {
        messageId,
        endpoint: name,
        ...(run !== undefined && { run }),
        attempt,
        at,
        durationMs,
        ...outcome,
      };
      const answered = outcome.status === undefined ? 'no answer' : `${Math.floor(outcome.status / 100)}xx`;
      metricMeter.createCounter('hookyard_outbound_attempts').add(1, { endpoint: name, outcome: answered });
      // A message that was accepted must not be sent again because it could not be noted in time.
      await withDeadline({ ms: NOTING_MS }, () => store.attempts.add(noted)).catch((error) =>
        log.warn({ err: error, messageId }, 'an attempt of an outbound message was not noted in the store'),
      );
    };
    let posted: Posted;
    try {
      posted = await post({
        to: `endpoint ${name}`,
        allowOption: `endpoints.${name}.allowPrivate`,
        url: endpoint.url,
        dispatcher: agentFor(endpoint.allowPrivate),
        headers: headersFor({ message, endpoint, body, now: new Date(at) }),
        body,
        deadlineMs,
      });
    } catch (error) {
      await note({ error: (error as Error).message });
      throw error instanceof ApplicationFailure && !error.nonRetryable
        ? later(error.message, { attempt, schedule })
        : error;
    }
    await note({ status: posted.status, answer: maskText(posted.answer, maskOf(config)) });
    if (posted.status >= 200 && posted.status < 300) return { status: posted.status, attempts: attempt };
    throw failureOf(name, posted, { attempt, schedule });
  };
}

function endpointOf(config: Config, name: string): Endpoint {
  const endpoint = Object.hasOwn(config.endpoints, name) ? config.endpoints[name] : undefined;
  if (!endpoint)
    throw notConfigured(`endpoint "${name}" is not configured: add endpoints.${name} to hookyard.config.ts`);
  if (endpoint.secrets.length === 0)
    throw notConfigured(`endpoint "${name}" has no secret: none of endpoints.${name}.secrets is set`);
  return endpoint;
}

function headersFor({
  message,
  endpoint,
  body,
  now,
}: {
  message: OutboundMessage;
  endpoint: Endpoint;
  body: string;
  now: Date;
}): Record<string, string> {
  return {
    'user-agent': 'hookyard',
    ...endpointHeaders(message.endpoint, endpoint.headers),
    'content-type': 'application/json',
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': endpoint.secrets
      .flatMap((secret) => secret.revealAll())
      .map((secret) => sign(secret, { message, now, body }))
      .join(' '),
  };
}

/** Returns a signature by one secret. There is one per secret: while secrets rotate, the receiver knows one of them. */
function sign(value: string, { message, now, body }: { message: OutboundMessage; now: Date; body: string }): string {
  try {
    if (Buffer.from(value.replace(/^whsec_/, ''), 'base64').length < SHORTEST_SECRET) throw new Error('too short');
    return new Webhook(value).sign(message.id, now, body);
  } catch {
    throw notConfigured(
      `endpoints.${message.endpoint}.secrets holds one that is not a Standard Webhooks secret: "whsec_" and the base64 ` +
        `of ${SHORTEST_SECRET} bytes or more`,
    );
  }
}

function failureOf(
  name: string,
  { status, retryAfter }: Posted,
  retry: { attempt: number; schedule: readonly number[] },
): ApplicationFailure {
  const said = `endpoint ${name} answered ${status}`;
  if (status === 410)
    return refused(`${said}: it takes no more messages; remove endpoints.${name} or what sends to it`);
  if (isRefusal(status)) return refused(said);
  const hint = status >= 300 && status < 400 ? ', and redirects are not followed' : '';
  return later(`${said}${hint}`, { ...retry, retryAfter });
}

function later(
  message: string,
  { attempt, schedule, retryAfter }: { attempt: number; schedule: readonly number[]; retryAfter?: string | undefined },
): ApplicationFailure {
  return ApplicationFailure.create({ message, nextRetryDelay: waitAfter(attempt, { retryAfter, schedule }) });
}
