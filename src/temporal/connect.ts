import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';

/** How to reach Temporal, as both of the SDK's connections take it. */
export interface Reach {
  readonly namespace: string;
  readonly options: { readonly address?: string } & Record<string, unknown>;
}

/** Variables of the SDK that name a server. Without any of them, one machine gets an embedded server. */
const NAMING = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'];

/** Whether the environment names a Temporal server. */
export function temporalIsConfigured(env: NodeJS.ProcessEnv): boolean {
  return NAMING.some((name) => env[name]);
}

/** Reads the SDK's usual variables and profiles: address, namespace, TLS, API key. Throws what is wrong with them. */
export function reachFromEnvironment(env: NodeJS.ProcessEnv): Reach {
  const { namespace, connectionOptions } = loadClientConnectConfig({ overrideEnvVars: definedOnly(env) });
  return { namespace: namespace ?? 'default', options: { ...connectionOptions } };
}

/**
 * A client that connects with its first call: the receiver starts, and stores, while Temporal is away. Without the SDK's
 * own retries, which outlive a call's deadline: the dispatcher has its own. gRPC waits up to two minutes before it tries
 * to connect again; deliveries should not. `interceptors` are asked around each start and signal.
 */
export function connectClient(
  { namespace, options }: Reach,
  interceptors: readonly WorkflowClientInterceptor[] = [],
): Client {
  const connection = Connection.lazy({
    ...options,
    interceptors: [],
    channelArgs: { 'grpc.max_reconnect_backoff_ms': 5_000 },
  });
  return new Client({ connection, namespace, interceptors: { workflow: [...interceptors] } });
}

/**
 * A client on the connection of a worker in this process: the workflows that it starts are handed to that worker with the
 * answer to the start, if it has room for them. Nobody polls for the first task, so the first step begins sooner. Where
 * the worker has no room, or serves another task queue, they are started as by any client.
 */
export function connectEager(
  { namespace }: Pick<Reach, 'namespace'>,
  connection: NativeConnection,
  interceptors: readonly WorkflowClientInterceptor[] = [],
): Client {
  return new Client({ connection, namespace, interceptors: { workflow: [...interceptors, EAGERLY] } });
}

const EAGERLY: WorkflowClientInterceptor = {
  startWithDetails: (input, next) => next({ ...input, options: { ...input.options, requestEagerStart: true } }),
};

/** The worker's connection. Rejects when Temporal is away. */
export async function connectNative({ options }: Reach): Promise<NativeConnection> {
  return NativeConnection.connect(options);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
