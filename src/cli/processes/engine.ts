import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { valueWithin } from '../../async/deadline.js';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { searchAttributes } from '../../runs/search-attributes.js';
import {
  connectClient,
  connectEager,
  connectNative,
  type Reach,
  reachFromEnvironment,
  temporalIsConfigured,
} from '../../temporal/connect.js';
import { type DevServer, startDevServer } from '../../temporal/dev-server.js';
import { findCli } from '../../temporal/find-cli.js';
import { prepareNamespace } from '../../temporal/search-attributes.js';
import type { Tracing } from '../../tracing/tracing.js';
import { UserError } from '../user-error.js';
import type { Lifecycle } from './lifecycle.js';

/** What connecting to Temporal needs. */
export interface EngineDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  readonly tracing?: Pick<Tracing, 'client'> | undefined;
}

/** The Temporal that this process works with. */
export interface Engine {
  readonly client: Client;
  readonly namespace: string;
  readonly address: string;
  /** The Temporal UI, where it is known. */
  readonly uiUrl: string | undefined;
  /** Whether this process has started it. */
  readonly isOwn: boolean;
  /** Whether it is known to be up: one that the environment names may be away. */
  readonly isThere: () => boolean;
  /** Opens a connection for a worker, which the caller closes. Rejects while Temporal is away. */
  native(): Promise<NativeConnection>;
  /** Returns a client that starts runs on this connection's worker at once. It is closed with the connection. */
  eager(connection: NativeConnection): Client;
}

/** How long a start waits until a Temporal that has kept runs here before knows what runs are found by. */
const PREPARE_MS = 10_000;
const NOT_PREPARED =
  "Temporal's namespace could not be brought up to date: what runs are found by may be missing, and runs may be forgotten too soon; start again";

/**
 * Connects to the Temporal that the environment names, or starts a dev server on this machine. One that has kept runs here
 * before may come later: deliveries are stored and wait.
 */
export async function startEngine(deps: EngineDeps): Promise<Engine> {
  if (temporalIsConfigured(process.env)) return connectEngine(deps);
  const { config, log, lifecycle } = deps;
  const cli = await findCli({ env: process.env, onProgress: (line) => log.info(line) });
  const server = await startDevServer({
    ...{ cli, dataFolder: config.data, searchAttributes, log, besideReceiver: true },
    onLost: lifecycle.fail,
  });
  lifecycle.onStop('the Temporal server', () => server.stop());
  const engine = connect(deps, ownReach(server.address), server);
  const wanted = { attributes: searchAttributes, log, ownServer: true, patient: server.wasHereBefore };
  const prepared = server.up.then(() => prepareNamespace(engine.client, wanted));
  if (!server.wasHereBefore) await prepared;
  else {
    prepared.catch((error: Error) => log.error({ because: error.message }, NOT_PREPARED));
    if (server.wasUp()) await valueWithin(PREPARE_MS, prepared);
  }
  return engine;
}

/**
 * Connects to the Temporal that the environment names. It may be away: deliveries are stored and wait. Throws
 * {@link UserError} where no address is named: what answers at the SDK's usual one may be anybody's.
 */
export function connectEngine(deps: EngineDeps): Engine {
  const reach = reachFromEnvironment(process.env);
  if (!reach.options.address)
    throw new UserError(
      'Which Temporal is it? Set TEMPORAL_ADDRESS, or a profile that has an address; hookyard start brings a Temporal of its own',
    );
  const engine = connect(deps, reach);
  prepareNamespace(engine.client, { attributes: searchAttributes, log: deps.log, ownServer: false }).catch(
    (error: Error) =>
      deps.log.warn(
        { because: error.message },
        'the search attributes of the namespace could not be checked; look at them with: temporal operator search-attribute list',
      ),
  );
  return engine;
}

/** Connects to the Temporal that another process of this installation has started, or that the environment names. */
export function joinEngine(deps: EngineDeps, { address }: { address: string | undefined }): Engine {
  return connect(deps, address ? ownReach(address) : reachFromEnvironment(process.env));
}

function ownReach(address: string): Reach {
  return { namespace: 'default', options: { address } };
}

function connect({ config, lifecycle, tracing }: EngineDeps, reach: Reach, server?: DevServer): Engine {
  const client = connectClient(reach, tracing?.client);
  lifecycle.onStop('the connection to Temporal', () => client.connection.close());
  return {
    client,
    namespace: reach.namespace,
    address: reach.options.address ?? '',
    uiUrl: config.temporal.uiUrl ?? server?.uiUrl,
    isOwn: server !== undefined,
    isThere: () => server?.wasUp() ?? false,
    native: () => connectNative(reach),
    eager: (connection) => connectEager(reach, connection, tracing?.client),
  };
}
