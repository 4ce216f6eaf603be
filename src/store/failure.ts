import { RecordVersionError, StoreClosedError, StoreDamagedError, StoreUnavailableError } from './store.js';

/** How one call went. */
export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: Failure };

/** An error in a form that crosses threads and processes with its class. */
export interface Failure {
  readonly kind: 'unavailable' | 'damaged' | 'record version' | 'other';
  readonly message: string;
}

/** Returns an error of the store in the form that crosses threads and processes. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'other', message: String(error) };
  const { message } = error;
  if (error instanceof StoreDamagedError) return { kind: 'damaged', message };
  if (error instanceof RecordVersionError) return { kind: 'record version', message };
  if (error instanceof StoreUnavailableError || error instanceof StoreClosedError)
    return { kind: 'unavailable', message };
  return { kind: 'other', message };
}

/** Returns the error that a caller gets for a failure. */
export function toError({ kind, message }: Failure): Error {
  switch (kind) {
    case 'unavailable':
      return new StoreUnavailableError(message);
    case 'damaged':
      return new StoreDamagedError(message);
    case 'record version':
      return new RecordVersionError(message);
    case 'other':
      return new Error(message);
    default:
      return kind satisfies never;
  }
}
