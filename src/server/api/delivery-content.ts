import type { DeliveryRecord, Inbox } from '../../store/store.js';
import type { DeliveryContent } from './contract.js';
import { indented, textOfBody } from './edit/body-text.js';
import { hidden } from './hidden.js';

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
  const text = hidden(await readable(body.subarray(0, MAX_READ), headers['content-type']));
  const isCut = text.length > MAX_BODY || body.length > MAX_READ;
  return { headers, body: text.slice(0, MAX_BODY), ...(isCut && { isCut }) };
}

async function readable(body: Buffer, contentType: string | undefined): Promise<string> {
  const found = textOfBody(body, contentType);
  if (!found) return body.toString('utf8');
  return found.isJson ? indented(found.text) : found.text;
}
