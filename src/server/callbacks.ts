import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { readCallbackToken } from '../callback-token.js';
import type { Logger } from '../log.js';
import { parsePayload } from '../providers/parse.js';
import { parseJson } from '../providers/parse-json.js';
import type { Secret } from '../secrets/secret.js';
import type { Inbox } from '../store/store.js';
import type { BodyBudget } from './http/body-budget.js';
import { HttpError } from './http/http-error.js';
import { readBody } from './http/read-body.js';
import { sendJson } from './http/send-json.js';
import type { Limits } from './limits.js';
import { errorOutcome, type Outcome } from './outcome.js';
import { createRefusalLog } from './refusal-log.js';

/** What {@link createCallbackHandler} works with. */
export interface CallbackDeps {
  readonly callbackKey: Secret;
  readonly inbox: Pick<Inbox, 'signal'>;
  readonly log: Logger;
  readonly budget: BodyBudget;
  readonly limits: Limits;
  readonly wake: () => void;
  /** Unix ms. */
  readonly now: () => number;
}

const MAX_BYTES = 64 * 1024;

const bodySchema = z.object({
  status: z.enum(['passed', 'failed', 'cancelled']),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullish(),
});

/**
 * Creates the handler of `POST /callbacks/<token>`, by which a remote build reports that it has ended. The token allows one
 * signal to one run, once; the signal is on disk before the answer is 2xx. The token is a secret and is never logged.
 */
export function createCallbackHandler(deps: CallbackDeps) {
  const refusals = createRefusalLog(deps.log);
  return async (req: IncomingMessage, res: ServerResponse, token: string): Promise<void> => {
    const began = performance.now();
    const share = deps.budget.open();
    const line: CallbackLine = {};
    const { kind, answer, because, err } = await receive(deps, { req, token, line, share })
      .catch(errorOutcome)
      .finally(() => share.release());
    sendJson(req, res, answer);
    if (line.run === undefined && err === undefined && !refusals.isLogged({ source: undefined, because })) return;
    const level = err !== undefined || kind === 'unavailable' ? 'error' : kind === 'refused' ? 'warn' : 'info';
    const ms = Math.round((performance.now() - began) * 10) / 10;
    deps.log[level](
      { ...line, outcome: kind, status: answer.status, because, ms, ...(err !== undefined && { err }) },
      'callback',
    );
  };
}

interface CallbackLine {
  run?: string;
  signal?: string;
  bytes?: number;
}

interface Call {
  readonly req: IncomingMessage;
  readonly token: string;
  readonly line: CallbackLine;
  readonly share: ReturnType<BodyBudget['open']>;
}

async function receive(deps: CallbackDeps, { req, token, line, share }: Call): Promise<Outcome> {
  const claims = readCallbackToken(deps.callbackKey, token, deps.now());
  if (!claims) throw new HttpError(404, 'this callback address is not valid, or not any more');
  const { id, workflowId, signal } = claims;
  Object.assign(line, { run: workflowId, signal });
  const body = await readBody(req, { maxBytes: MAX_BYTES, deadlineMs: deps.limits.bodyDeadlineMs }, share);
  line.bytes = body.length;
  const { status, url } = parsePayload(bodySchema, parseJson(body), 'callback');
  const payload = { outcome: status, passed: status === 'passed', conclusion: status, ...(url && { url }) };
  const isNew = await deps.inbox.signal({ id, workflowId, signal, payload });
  if (!isNew) {
    const because = 'this callback was already used';
    return { kind: 'duplicate', answer: { status: 200, body: { ignored: because } }, because };
  }
  deps.wake();
  return { kind: 'stored', answer: { status: 202, body: { accepted: status } }, because: `the build ${status}` };
}
