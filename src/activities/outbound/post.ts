import { Context } from '@temporalio/activity';
import { type Dispatcher, errors, request } from 'undici';
import { withDeadline } from '../../async/deadline.js';
import { PrivateAddressError } from '../../http/address.js';
import { causeOf } from '../../http/cause.js';
import { readAnswer } from '../../http/read-up-to.js';
import { throwIfCancelled } from '../cancelled.js';
import { privateAddress, refused, unavailable } from '../failures.js';

/** A request to an endpoint. */
export interface Post {
  /** For messages: `endpoint partner`. The URL itself may be a credential and is not shown. */
  readonly to: string;
  /** Name of the option that allows a private address, for messages. */
  readonly allowOption: string;
  readonly url: string;
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole request, in milliseconds. Default: 15 seconds. */
  readonly deadlineMs?: number | undefined;
}

/** An endpoint's answer. */
export interface Posted {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The beginning of the answer, 32 kB at most; the rest is not read. */
  readonly answer: string;
}

const DEADLINE_MS = 15_000;
/** In bytes: twice what is kept of it. What is read ends anywhere, and half a secret at its end would not be known as one. */
const MAX_ANSWER = 32 * 1024;

/**
 * POSTs once, without following redirects, and reads the beginning of the answer. Throws a failure that is retried when
 * there was no answer, `PrivateAddress`, `Refused` when HTTP can't carry the request, or the activity's cancellation.
 */
export async function post(message: Post): Promise<Posted> {
  const { to, allowOption, url, dispatcher, headers, body, deadlineMs = DEADLINE_MS } = message;
  try {
    const deadline = { ms: deadlineMs, parent: Context.current().cancellationSignal };
    return await withDeadline(deadline, async (signal) => {
      const answer = await request(url, { method: 'POST', headers, body, dispatcher, signal });
      const retryAfter = answer.headers['retry-after']?.toString();
      return { status: answer.statusCode, retryAfter, answer: (await readAnswer(MAX_ANSWER, answer)).text };
    });
  } catch (error) {
    await throwIfCancelled();
    if (error instanceof PrivateAddressError) {
      throw privateAddress(`${to}: ${error.message}; set ${allowOption} if it is meant`);
    }
    // Nothing was sent, nor would be the next time: an id holds a line break, for example.
    if (error instanceof errors.InvalidArgumentError)
      throw refused(`${to}: HTTP can't carry the request: a header holds a line break, for example`);
    throw unavailable(`${to} did not answer: ${causeOf(error)}`);
  }
}
