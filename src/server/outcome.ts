import { MalformedPayload } from '../providers/webhook-scheme.js';
import { StoreClosedError, StoreUnavailableError } from '../store/store.js';
import { ClientClosed, HttpError } from './http/http-error.js';
import type { JsonAnswer } from './http/send-json.js';

export type Outcome = 'stored' | 'duplicate' | 'ignored' | 'refused' | 'unavailable' | 'failed';

/** How a request ends: what the sender is told, and what the log says. */
export interface Ending {
  readonly outcome: Outcome;
  readonly answer: JsonAnswer;
  readonly because: string;
  /** Only of what nobody foresaw. */
  readonly err?: unknown;
}

/** Turns what stopped a request into an answer. Whatever is not known by its class is ours, and says nothing outside. */
export function endingOf(error: unknown): Ending {
  if (error instanceof HttpError) return refused(error);
  if (error instanceof MalformedPayload) return refused(new HttpError(400, error.message));
  // Nobody reads this answer; 499 is what proxies log for it.
  if (error instanceof ClientClosed) return refused(new HttpError(499, error.message));
  if (error instanceof StoreUnavailableError || error instanceof StoreClosedError) {
    const answer = storeAway;
    return { outcome: 'unavailable', answer, because: error.message };
  }
  return { outcome: 'failed', answer: ourFault, because: 'an error in Hookyard', err: error };
}

const storeAway: JsonAnswer = {
  status: 503,
  headers: { 'retry-after': '5' },
  body: { error: 'it can not be stored now; send it again later' },
};

const ourFault: JsonAnswer = { status: 500, body: { error: 'something went wrong here; it is in the log' } };

function refused({ status, message, headers }: HttpError): Ending {
  const outcome = status === 503 ? 'unavailable' : 'refused';
  return { outcome, answer: { status, headers, body: { error: message } }, because: message };
}
