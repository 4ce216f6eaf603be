import { NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import { DeadlineError } from '../async/deadline.js';
import { maskKnown } from '../secrets/mask.js';
import { maskText } from '../secrets/mask-values.js';
import { type GrpcCode, grpcCode, grpcMessage } from './grpc-code.js';

/**
 * Why a dispatch did not reach Temporal, by who can change that.
 * - `engine`: Temporal is away, overloaded, or does not let us in: whatever is sent now fails alike. Where others are
 *   accepted, the poison detector finds out.
 * - `refused`: Temporal answered that it will never accept this one.
 * - `unsendable`: it was not sent, and never will be.
 * - `odd`: an error that nobody foresaw; worth a few more tries.
 */
export interface DispatchFailure {
  readonly kind: 'engine' | 'refused' | 'unsendable' | 'odd';
  /** The gRPC code that Temporal answered with, if it did. */
  readonly code?: GrpcCode;
  /** For the record and the log; quotes nothing that was sent. */
  readonly error: string;
}

/**
 * The event is larger than Temporal accepts. Checked before it is sent, because the client would try it again and
 * again.
 */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError';
}

/** All other codes can pass by themselves or by an operator: credentials, a namespace, a proxy in between. */
const FINAL: readonly (GrpcCode | undefined)[] = ['INVALID_ARGUMENT', 'OUT_OF_RANGE'];
/** In characters. */
const MAX_ERROR = 500;

/** Sorts an error of Temporal's client, by class and gRPC code. */
export function toFailure(error: unknown): DispatchFailure {
  if (error instanceof EventTooLargeError) return { kind: 'unsendable', error: error.message };
  if (error instanceof DeadlineError) {
    const code = 'DEADLINE_EXCEEDED';
    return { kind: 'engine', code, error: `${code}: ${error.message}` };
  }
  if (error instanceof NamespaceNotFoundError) {
    return { kind: 'engine', error: `NOT_FOUND: Temporal has no namespace "${error.namespace}"` };
  }
  // A proxy in front of Temporal may quote the API key.
  const message = maskText(grpcMessage(error), maskKnown).slice(0, MAX_ERROR);
  // The client makes this of every NOT_FOUND, whatever was not found.
  if (error instanceof WorkflowNotFoundError) return { kind: 'engine', error: `NOT_FOUND: ${message}` };
  const code = grpcCode(error);
  if (code === undefined) return { kind: 'odd', error: message };
  return { kind: FINAL.includes(code) ? 'refused' : 'engine', code, error: `${code}: ${message}` };
}
