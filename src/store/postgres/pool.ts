import { type ClientBase, Pool, types } from 'pg';
import type { Logger } from '../../log.js';
import { StoreUnavailableError } from '../store.js';
import { UnfitDatabaseError } from './errors.js';
import type { PostgresLimits } from './limits.js';

/** A database's URL: text, or a secret that stays out of logs. */
export type DatabaseUrl = string | { reveal(): string };

/** How long to wait beyond the statement's own timeout, in milliseconds. */
const GRACE_MS = 5_000;
const OLDEST_VERSION = 130_000;
const INT8 = types.builtins.INT8;

/**
 * Returns a pool without connections. TLS is as the URL's parameters say (`sslmode=verify-full`, `sslrootcert=…`). Each
 * connection is checked before its first use. Throws {@link UnfitDatabaseError} for a URL that is not one of a
 * database.
 */
export function createPool(
  url: DatabaseUrl,
  {
    limits,
    log,
  }: { limits: Pick<PostgresLimits, 'connections' | 'connectMs' | 'statementMs' | 'idleMs'>; log?: Logger },
): Pool {
  const pool = new Pool({
    connectionString: checkedUrl(typeof url === 'string' ? url : url.reveal()),
    fallback_application_name: 'hookyard',
    max: limits.connections,
    connectionTimeoutMillis: limits.connectMs,
    idleTimeoutMillis: limits.idleMs,
    statement_timeout: limits.statementMs,
    // Should the statement's own timeout not come through, because the network doesn't.
    query_timeout: limits.statementMs + GRACE_MS,
    // A process that stands still must not keep the others' locks.
    idle_in_transaction_session_timeout: limits.statementMs + GRACE_MS,
    keepAlive: true,
    // Counts and Unix times: exact as numbers for the next 285,000 years.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : types.getTypeParser(oid, format)) },
    onConnect: (client) => refuseUnfit(client),
  });
  // The pool has thrown the connection away by then; without a listener the process would end over it.
  pool.on('error', ({ message }) => log?.warn({ because: message }, 'a connection to the database was lost'));
  // While a connection is in use, its loss reaches whoever uses it through the statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function checkedUrl(url: string): string {
  const scheme = /^([a-z]+):\/\//.exec(url)?.[1];
  if ((scheme !== 'postgres' && scheme !== 'postgresql') || !URL.canParse(url)) {
    // Not the URL itself: it may hold a password.
    throw new UnfitDatabaseError(
      "The database's URL must be postgres://host:port/name, with user:password@ before the host.",
    );
  }
  return url;
}

/** The settings of a new connection and its server. */
interface Settings {
  readonly commit: string;
  readonly fsync: string;
  readonly encoding: string;
  readonly readonly: string;
  readonly version: number;
}

/**
 * Throws {@link UnfitDatabaseError} if the database confirms what is not on disk yet, and {@link StoreUnavailableError}
 * if it takes no writes: then it is a standby, or has become one in a failover, which passes by itself.
 */
async function refuseUnfit(client: ClientBase): Promise<void> {
  const { rows } = await client.query<Settings>(
    `SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync,
            current_setting('server_encoding') AS encoding, current_setting('transaction_read_only') AS readonly,
            current_setting('server_version_num')::int AS version`,
  );
  const [settings] = rows;
  if (!settings) throw new StoreUnavailableError('The database did not report its settings.');
  const { commit, fsync, encoding, version } = settings;
  if (version < OLDEST_VERSION) {
    throw new UnfitDatabaseError(`Hookyard needs Postgres 13 or newer; this is ${Math.floor(version / 10_000)}.`);
  }
  if (commit === 'off') {
    throw new UnfitDatabaseError(
      'The database answers before it has written to disk (synchronous_commit = off), so deliveries that were ' +
        'acknowledged could be lost. Run: ALTER ROLE <role> SET synchronous_commit = on',
    );
  }
  if (fsync === 'off') {
    throw new UnfitDatabaseError(
      'The database does not wait for the disk (fsync = off), so deliveries that were acknowledged could be lost. ' +
        "Set it on in the server's configuration.",
    );
  }
  if (encoding !== 'UTF8') {
    throw new UnfitDatabaseError(
      `The database's encoding is ${encoding}, which can't hold every text. Create one with ENCODING 'UTF8'.`,
    );
  }
  if (settings.readonly === 'on') {
    throw new StoreUnavailableError('The database takes no writes: it is a standby, or set to read only.');
  }
}
