import {
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
} from '@temporalio/client';

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/**
 * The SDK tries calls again from a timer, also after the connection was closed, and throws there, where nobody can catch it.
 * Whoever closed the connection waits for no answer.
 */
const nothingOnceClosed: Interceptor = (options, nextCall) => {
  try {
    return nextCall(options) as ReturnType<Interceptor>;
  } catch {
    const nothing = () => undefined;
    return {
      start: nothing,
      sendMessage: nothing,
      halfClose: nothing,
      cancelWithStatus: nothing,
    } as unknown as ReturnType<Interceptor>;
  }
};

/** Connects to a Temporal that may be away for a while, with the SDK's retries; the connection may be closed while they last. */
export function connectTo(address: string): Promise<Connection> {
  const interceptors = [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), nothingOnceClosed];
  return Connection.connect({ address, interceptors });
}
