import { AmbiguousDeliveryError, type DeliveryRecord, type Inbox } from '../../store/store.js';
import { HttpError } from '../http/http-error.js';

/** How an operator names a delivery. */
export interface DeliveryName {
  /** Our id, a beginning of it, or the provider's key. */
  readonly id: string;
  /** Only a delivery of this source is meant. */
  readonly source?: string | undefined;
}

/** Returns the delivery that is meant; undefined if there is none. Throws {@link HttpError} (409) with all that may be meant. */
export async function findDelivery(
  inbox: Pick<Inbox, 'find'>,
  { id, source }: DeliveryName,
): Promise<DeliveryRecord | undefined> {
  try {
    return await inbox.find(id, { source });
  } catch (error) {
    if (!(error instanceof AmbiguousDeliveryError)) throw error;
    const { message, meanings } = error;
    throw new HttpError(409, `${message}: name one by its whole id, or say the source`, {}, { meanings });
  }
}
