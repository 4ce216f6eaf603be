import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type Dispatcher, request } from 'undici';
import type { FailureType } from '../contract.js';
import { throwIfCancelled, withDeadline } from '../remote/deadline.js';
import { unavailable } from '../remote/failure.js';
import { PrivateAddressError } from './address.js';

export interface Post {
  /** For messages: `endpoint partner`. The URL itself may be a credential and is not shown. */
  readonly to: string;
  /** The option that would let a private address through. */
  readonly allowOption: string;
  readonly url: string;
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Posted {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The beginning of the answer, 16 kB at most; the rest is not read. */
  readonly answer: string;
}

const DEADLINE_MS = 15_000;
const LONGEST_ANSWER = 16 * 1024;

/**
 * POSTs once, without following redirects, and reads the answer's beginning. Throws a failure that is retried when no
 * answer came, a final one of type `PrivateAddress`, or the activity's cancellation.
 */
export async function post({ to, allowOption, url, dispatcher, headers, body }: Post): Promise<Posted> {
  try {
    const deadline = { ms: DEADLINE_MS, parent: Context.current().cancellationSignal };
    return await withDeadline(deadline, async (signal) => {
      const answer = await request(url, { method: 'POST', headers, body, dispatcher, signal });
      const retryAfter = answer.headers['retry-after']?.toString();
      return { status: answer.statusCode, retryAfter, answer: await beginning(answer.body) };
    });
  } catch (error) {
    await throwIfCancelled();
    if (error instanceof PrivateAddressError) {
      const message = `${to}: ${error.message}; set ${allowOption} if it is meant`;
      throw ApplicationFailure.nonRetryable(message, 'PrivateAddress' satisfies FailureType);
    }
    throw unavailable(`${to} did not answer: ${codeOf(error)}`);
  }
}

/** Message texts may quote the URL; a system error's code does not. */
function codeOf(error: unknown): string {
  const { code, name, message } = error as { code?: unknown; name?: string; message?: string };
  if (typeof code === 'string') return code;
  return message?.startsWith('no answer within') ? message : (name ?? 'unknown error');
}

async function beginning(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= LONGEST_ANSWER) break;
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_ANSWER).toString('utf8');
}
