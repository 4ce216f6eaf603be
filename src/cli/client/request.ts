import { unhurriedFetch } from '../../http/unhurried-fetch.js';
import { holdsCredentials, NO_CREDENTIALS } from '../../secrets/address-credentials.js';
import { calledHere } from '../format/called-here.js';
import { harmless } from '../format/paint.js';
import { ServerAway, UserError } from '../user-error.js';

/** In milliseconds. */
const DEADLINE_MS = 10_000;
/** The least that a file may take until it begins to come. */
const BEGIN_MS = 60_000;
/** As slow as a server may have it from a bucket, bytes in a millisecond. */
const SLOWEST = 500;

/** What a request took too long for, came too early for, or was one too many. */
const FOR_NOW: ReadonlySet<number> = new Set([408, 425, 429]);

/** Returns whether the same request may be answered otherwise a little later. */
export function mayAnswerLater(status: number): boolean {
  return status >= 500 || FOR_NOW.has(status);
}

/** What the server answered: any status, and its JSON. */
export interface Response {
  readonly status: number;
  readonly json: unknown;
}

/**
 * Sends a request to the server, with a deadline in milliseconds. Throws {@link UserError} that says what to do when no server
 * answers, or when what answers does not speak JSON; any status is a response. It is a {@link ServerAway} where one may answer later.
 */
export async function request(url: string, init: RequestInit, deadlineMs = DEADLINE_MS): Promise<Response> {
  const { origin } = new URL(url);
  const { status, text } = await textOf(url, init, deadlineMs).catch((error: Error) => {
    if (error.name === 'TimeoutError')
      throw new ServerAway(
        `${origin} has not answered within ${deadlineMs / 1_000} s: it is busy, or its store or Temporal is slow, and may do what was asked for all the same. Its log says more`,
      );
    // A failure on the way has a cause; a header that can't be sent has none.
    if (error instanceof TypeError && !error.cause)
      throw new UserError(`This can't be sent: ${harmless(error.message)}`);
    const { cause } = error as { cause?: { code?: string; message?: string } };
    const because = cause?.code ?? cause?.message ?? error.message;
    throw new ServerAway(`No Hookyard server answers at ${origin} (${because}). Start one with: ${calledHere()} start`);
  });
  try {
    return { status, json: JSON.parse(text) };
  } catch {
    // What stands before a server says in its own words that nothing is behind it, some by 404.
    const Failure = status === 404 || mayAnswerLater(status) ? ServerAway : UserError;
    throw new Failure(
      `What answers at ${origin} is not a Hookyard server: it answers ${status}, and not in JSON. Name the server with --url`,
    );
  }
}

async function textOf(url: string, init: RequestInit, deadlineMs: number): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(deadlineMs) });
  return { status: response.status, text: await response.text() };
}

/** Returns how long a file of so many bytes may take until it begins to come, in ms: the server has it whole and checks it first. */
export function beginsWithin(bytes: number): number {
  return BEGIN_MS + Math.ceil(bytes / SLOWEST);
}

/**
 * Returns the content of what the server sends as a file, as it comes. It may take as long as it likes once it has begun. Throws
 * {@link UserError} when no server answers, or another status than 200.
 */
export async function download(
  url: string,
  { headers, bytes }: { readonly headers: Readonly<Record<string, string>>; readonly bytes: number },
): Promise<ReadableStream<Uint8Array>> {
  const { origin } = new URL(url);
  const begun = new AbortController();
  const timer = setTimeout(() => begun.abort(new Error('no answer')), beginsWithin(bytes));
  try {
    const response = await unhurriedFetch(url, { headers, signal: begun.signal });
    if (response.status === 200 && response.body) return response.body;
    const { error } = (await response.json().catch(() => ({}))) as { readonly error?: string };
    throw new UserError(`${origin} answers ${response.status}${error === undefined ? '' : `: ${harmless(error)}`}`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`No Hookyard server answers at ${origin} (${harmless((error as Error).message)})`);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the address that `--url` names, without slashes at its end. Throws {@link UserError}. */
export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (holdsCredentials(text)) throw new UserError(`--url ${NO_CREDENTIALS}`);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new UserError(`--url takes an address that begins with http:// or https://, not "${harmless(text)}"`);
  return text.replace(/\/+$/, '');
}
