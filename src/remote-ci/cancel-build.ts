import type { Request } from '../http/json-client.js';
import { type CiApi, quoted } from './connection.js';
import { RemoteCiError } from './remote-ci.js';

/** How a build is cancelled. */
export interface Cancelling {
  readonly request: Request;
  /** Statuses that say that it has ended already, or something else: these are looked into. */
  readonly ambiguous?: readonly number[];
  /** Asks whether the build has ended, or is about to. */
  readonly isOver?: () => Promise<boolean>;
  /** Asks for the project, and throws where it is not there, or the token may not see it. */
  readonly reach: () => Promise<unknown>;
}

/**
 * Has a build cancelled. One that is over, and one that is gone, is fine; that a service refused for another reason, or shows nothing
 * to the token, is thrown. A refusal may pass: what was only just made can't be cancelled in some services.
 */
export async function cancelIn(api: CiApi, { request, ambiguous = [], isOver, reach }: Cancelling): Promise<void> {
  const { status, json } = await api.send({ ...request, accept: [404, ...ambiguous, ...(request.accept ?? [])] });
  // Who may not see a project is answered 404 as well.
  if (status === 404) await reach();
  else if (ambiguous.includes(status) && !(await isOver?.()))
    throw new RemoteCiError('unusable', `did not cancel it: it answered ${status}${quoted(json)}`);
}
