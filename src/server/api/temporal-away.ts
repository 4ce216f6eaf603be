import { HttpError } from '../http/http-error.js';
import { isRefused } from './ask-visibility.js';

const TOO_MANY =
  'Temporal is asked for more lists of runs than it allows a second (frontend.namespaceRPS.visibility); try again later';

/** Returns what is thrown where Temporal does not answer. `error`: how a list or a count of runs has failed. */
export function temporalAway(error?: unknown): HttpError {
  const because = isRefused(error) ? TOO_MANY : 'Temporal does not answer; try again later';
  return new HttpError(503, because, { 'retry-after': '5' });
}
