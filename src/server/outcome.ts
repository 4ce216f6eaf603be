import { MalformedPayload } from '../providers/webhook-scheme.js';
import { StoreClosedError, StoreDamagedError, StoreUnavailableError } from '../store/store.js';
import { ClientClosed, HttpError } from './http/http-error.js';
import type { JsonAnswer } from './http/send-json.js';

/** What becomes of requests, each in one word. */
export const OUTCOME_KINDS = ['stored', 'duplicate', 'ignored', 'limited', 'refused', 'unavailable', 'failed'] as const;

/** What became of a request: a label of metrics and a key of log lines. */
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** What became of a request: the answer for its sender, and what the log says. */
export interface Outcome {
  readonly kind: OutcomeKind;
  readonly answer: JsonAnswer;
  readonly because: string;
  /** Only of an error that nobody foresaw. */
  readonly err?: unknown;
}

/** Turns an error into an outcome. One of an unknown class is our fault, and nothing of it is shown to the sender. */
export function errorOutcome(error: unknown): Outcome {
  if (error instanceof HttpError) return refused(error);
  if (error instanceof MalformedPayload) return refused(new HttpError(400, error.message));
  // Nobody reads this answer; 499 is what proxies log for it.
  if (error instanceof ClientClosed) return refused(new HttpError(499, error.message));
  if (
    error instanceof StoreUnavailableError ||
    error instanceof StoreClosedError ||
    error instanceof StoreDamagedError
  ) {
    return { kind: 'unavailable', answer: storeAway, because: error.message };
  }
  return { kind: 'failed', answer: ourFault, because: 'an error in Hookyard', err: error };
}

const storeAway: JsonAnswer = {
  status: 503,
  headers: { 'retry-after': '5' },
  body: { error: 'it can not be stored now; send it again later' },
};

const ourFault: JsonAnswer = { status: 500, body: { error: 'something went wrong here; it is in the log' } };

function refused({ status, message, headers, more }: HttpError): Outcome {
  const kind = status === 503 ? 'unavailable' : status === 429 ? 'limited' : 'refused';
  return { kind, answer: { status, headers, body: { error: message, ...more } }, because: message };
}
