import type { DeliveryMeaning } from '../../../store/store.js';

/** Any answer but 2xx. */
export interface ErrorAnswer {
  readonly error: string;
  /** With 409 where a delivery was asked for by a name that several have: those, newest first, a few at most. */
  readonly meanings?: readonly DeliveryMeaning[];
  /** With 409 where a run was asked for by a name that several have: their workflow ids, a few at most. */
  readonly runs?: readonly string[];
}
