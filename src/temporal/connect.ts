import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnection } from '@temporalio/worker';
import { rememberBeside } from '../secrets/known-secrets.js';
import { QuietConnection } from './quiet-connection.js';

/** Address, credentials and namespace of Temporal, as both of the SDK's connections take them. */
export interface Reach {
  readonly namespace: string;
  readonly options: { readonly address?: string } & Record<string, unknown>;
}

/** The SDK's variables that name a server. Without any of them, Hookyard runs a development server. */
const NAMING = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'];

/** Returns whether the environment names a Temporal server. */
export function temporalIsConfigured(env: NodeJS.ProcessEnv): boolean {
  return NAMING.some((name) => env[name]);
}

/** Reads the SDK's usual variables and profiles: address, namespace, TLS, API key. Throws if one of them is wrong. */
export function reachFromEnvironment(env: NodeJS.ProcessEnv): Reach {
  const { namespace, connectionOptions } = loadClientConnectConfig({ overrideEnvVars: definedOnly(env) });
  // A profile's file may hold it.
  if (typeof connectionOptions.apiKey === 'string') rememberBeside([connectionOptions.apiKey]);
  return { namespace: namespace ?? 'default', options: { ...connectionOptions } };
}

/**
 * Returns a client that connects with its first call, so that the receiver starts and stores while Temporal is
 * unavailable. It has none of the SDK's retries, which outlive a call's deadline: the dispatcher has its own. gRPC
 * waits up to two minutes before it connects again; here it waits 5 s. `interceptors` are called around each start and
 * signal.
 */
export function connectClient(
  { namespace, options }: Reach,
  interceptors: readonly WorkflowClientInterceptor[] = [],
): Client {
  const connection = QuietConnection.lazy({
    ...options,
    interceptors: [],
    channelArgs: { 'grpc.max_reconnect_backoff_ms': 5_000 },
  });
  return new Client({ connection, namespace, interceptors: { workflow: [...interceptors] } });
}

/**
 * Returns a client on the connection of a worker in this process. Temporal hands the first task of the workflows that
 * it starts to that worker with the answer to the start, so the first step begins without a poll. Where the worker has
 * no room, or serves another task queue, they are started as by any client.
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

/**
 * Connects a worker. Rejects while Temporal is unavailable. Loads the SDK's worker only now: a process without one needs
 * neither its time nor its memory.
 */
export async function connectNative({ options }: Reach): Promise<NativeConnection> {
  const { NativeConnection } = await import('@temporalio/worker');
  return NativeConnection.connect(options);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
