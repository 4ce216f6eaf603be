import { maskKnown } from '../../secrets/mask.js';
import { maskText } from '../../secrets/mask-values.js';
import type { DeliveryRecord, Inbox } from '../../store/store.js';
import type { DeliveryContent } from './contract.js';

/** In characters: more of a body nobody reads on a page. */
const MAX_BODY = 256 * 1024;
/** In bytes: of a larger body only the beginning is read, and JSON is not indented. A character has four at most. */
const MAX_READ = 4 * MAX_BODY;

/** Returns a delivery's headers and body, without the secrets that the process knows. */
export async function contentOf(inbox: Pick<Inbox, 'body'>, record: DeliveryRecord): Promise<DeliveryContent> {
  const headers = Object.fromEntries(Object.entries(record.headers).map(([key, value]) => [key, hidden(value)]));
  const body = record.bodyDeleted ? undefined : await inbox.body(record.id);
  if (!body) return { headers };
  // Hidden before it is cut: of half a secret nobody knows that it is one.
  const text = hidden(readable(body.subarray(0, MAX_READ)));
  const isCut = text.length > MAX_BODY || body.length > MAX_READ;
  return { headers, body: text.slice(0, MAX_BODY), ...(isCut && { isCut }) };
}

function readable(body: Buffer): string {
  const text = body.toString('utf8');
  const form = /^payload=/.test(text) ? new URLSearchParams(text).get('payload') : undefined;
  try {
    return JSON.stringify(JSON.parse(form ?? text), undefined, 2);
  } catch {
    return text;
  }
}

function hidden(text: string): string {
  return maskText(text, maskKnown);
}
