import { Agent, fetch } from 'undici';

/** One for the process: its connections close by themselves when they have been idle. */
const UNHURRIED = new Agent({ headersTimeout: 0 });

/**
 * Asks for what takes longer to begin than the five minutes that Node's own `fetch` waits. The signal ends it, until the answer begins and
 * while it comes.
 */
export async function unhurriedFetch(
  url: string,
  { headers, signal }: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
): Promise<Response> {
  const response = await fetch(url, { headers, signal, dispatcher: UNHURRIED });
  return response as unknown as Response;
}
