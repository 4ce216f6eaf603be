import { NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import { type GrpcCode, grpcCode, grpcMessage } from './grpc-code.js';

/**
 * Why a dispatch did not reach Temporal, by who can change that.
 * - `engine`: Temporal is away, overloaded, or does not let us in: whatever is sent now fails alike. Where it does not,
 *   and others are taken, see suspects.ts.
 * - `refused`: Temporal answered that it will never take this one.
 * - `unsendable`: it was not even sent, and never will be.
 * - `odd`: not foreseen; worth a few more tries.
 */
export interface DispatchFailure {
  readonly kind: 'engine' | 'refused' | 'unsendable' | 'odd';
  /** What Temporal answered, if it did. */
  readonly code?: GrpcCode;
  /** For the record and the log: without what was sent. */
  readonly error: string;
}

/** The event is larger than Temporal takes. Checked here, because the client tries such a one again and again. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** There was no answer in time, and the client went on trying. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** Everything else can end by itself or by an operator: credentials, a namespace, a proxy in between. */
const REFUSALS: readonly (GrpcCode | undefined)[] = ['INVALID_ARGUMENT', 'OUT_OF_RANGE'];
const MAX_ERROR = 500;

/** Sorts an error of Temporal's client, by class and gRPC code. */
export function toFailure(error: unknown): DispatchFailure {
  if (error instanceof TooLarge) return { kind: 'unsendable', error: error.message };
  if (error instanceof TooLate) {
    const code = 'DEADLINE_EXCEEDED';
    return { kind: 'engine', code, error: `${code}: ${error.message}` };
  }
  if (error instanceof NamespaceNotFoundError) {
    return { kind: 'engine', error: `NOT_FOUND: Temporal has no namespace "${error.namespace}"` };
  }
  const message = grpcMessage(error).slice(0, MAX_ERROR);
  // What the client makes of NOT_FOUND, whatever it was that is not there.
  if (error instanceof WorkflowNotFoundError) return { kind: 'engine', error: `NOT_FOUND: ${message}` };
  const code = grpcCode(error);
  if (code === undefined) return { kind: 'odd', error: message };
  return { kind: REFUSALS.includes(code) ? 'refused' : 'engine', code, error: `${code}: ${message}` };
}
