import { isSynthesised } from '../../../events/synthesised-key.js';
import type { KnownSource, KnownSources } from '../../../providers/known-sources.js';
import { MANUAL_SOURCE } from '../../../runs/workflow-id.js';
import type { DeliveryRecord, Inbox } from '../../../store/store.js';
import { HttpError } from '../../http/http-error.js';
import { type DeliveryName, findDelivery } from '../find-delivery.js';
import { type BodyText, indented, textOfBody } from './body-text.js';

/** In bytes: of what is edited, before and after. */
export const MAX_EDITED = 1024 * 1024;

/** What {@link openDelivery} asks. */
export interface OpenDeliveryDeps {
  readonly inbox: Pick<Inbox, 'find' | 'body'>;
  readonly sources: KnownSources;
}

/** A delivery whose payload can be edited. */
export interface OpenedDelivery extends BodyText {
  readonly record: DeliveryRecord;
  readonly known: KnownSource;
  /** As it was received. */
  readonly body: Buffer;
}

/**
 * Returns a delivery with its payload as text, JSON with a line for each value; undefined if there is none. Throws
 * {@link HttpError}: 409 where nothing could be said of a changed one, 413 where it is too large.
 */
export async function openDelivery(
  { inbox, sources }: OpenDeliveryDeps,
  name: DeliveryName,
): Promise<OpenedDelivery | undefined> {
  const record = await findDelivery(inbox, name);
  if (!record) return undefined;
  const { id, source, bodyBytes } = record;
  if (source === MANUAL_SOURCE)
    throw new HttpError(409, 'it was asked for by hand: run the automation again, with other inputs');
  if (isSynthesised(record))
    throw new HttpError(409, 'no provider has sent it: a look for missed deliveries has made it');
  const known = Object.hasOwn(sources, source) ? sources[source] : undefined;
  if (!known) throw new HttpError(409, `source ${source} is not configured any more: nothing knows how to read it`);
  if (bodyBytes > MAX_EDITED)
    throw new HttpError(413, `its body has ${Math.ceil(bodyBytes / MAX_EDITED)} MB, and up to 1 MB can be edited`);
  const body = record.bodyDeleted ? undefined : await inbox.body(id);
  if (!body) throw new HttpError(409, 'its body is not kept any more');
  const read = textOfBody(body, record.headers['content-type']);
  if (!read) throw new HttpError(409, 'its body is no text');
  const text = read.isJson ? await indented(read.text) : read.text;
  // With its lines it may be larger than what may be sent back.
  return { record, known, body, ...read, ...(Buffer.byteLength(text) <= MAX_EDITED && { text }) };
}
