import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { attributesCommand, searchAttributes } from '../../runs/search-attributes.js';
import { HttpError } from '../http/http-error.js';

/** gRPC's status code. */
const INVALID_ARGUMENT = 3;

/**
 * Returns what is thrown (409) where runs could not be listed or counted, since the namespace lacks search attributes. Undefined
 * where that has failed otherwise.
 */
export function lacksAttributes(error: unknown, namespace: string): HttpError | undefined {
  // The client's own lists and counts have what gRPC says as their cause.
  const said = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(said) || said.code !== INVALID_ARGUMENT) return undefined;
  const command = attributesCommand(namespace, searchAttributes);
  return new HttpError(
    409,
    `the namespace ${namespace} of Temporal lacks search attributes, or has had them for less than a minute. A server adds them when it starts; where it may not, run: ${command}`,
  );
}
