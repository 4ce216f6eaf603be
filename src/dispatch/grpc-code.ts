import { isGrpcServiceError } from '@temporalio/client';

/** gRPC's status codes by number. Source: https://grpc.io/docs/guides/status-codes/ */
const NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** The name of a gRPC status. */
export type GrpcCode = (typeof NAMES)[number];

/**
 * Returns the name of the code of a gRPC error, or of the one that Temporal's client wrapped; undefined for other
 * errors.
 */
export function grpcCode(error: unknown): GrpcCode | undefined {
  if (isGrpcServiceError(error)) return NAMES[error.code] ?? 'UNKNOWN';
  return error instanceof Error && error.cause !== undefined ? grpcCode(error.cause) : undefined;
}

/**
 * Returns the message of a gRPC error without the client's wrapping. On a worker's connection its `details` are empty.
 */
export function grpcMessage(error: unknown): string {
  if (isGrpcServiceError(error)) return error.details || error.message;
  if (error instanceof Error && error.cause !== undefined) return grpcMessage(error.cause);
  return error instanceof Error ? error.message : String(error);
}
