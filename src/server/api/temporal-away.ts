import { HttpError } from '../http/http-error.js';

/** Returns what is thrown where Temporal does not answer. */
export function temporalAway(): HttpError {
  return new HttpError(503, 'Temporal does not answer; try again later', { 'retry-after': '5' });
}
