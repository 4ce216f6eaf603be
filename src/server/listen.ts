import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { boundConnections } from './http/connection-room.js';

/** A server that listens. */
export interface Listening {
  readonly server: Server;
  /** With the port that it listens on, also where 0 was asked for. */
  readonly url: string;
  readonly port: number;
  /** Accepts nothing more, lets open requests finish for `deadlineMs` (10 s), then closes their connections. */
  close(deadlineMs?: number): Promise<void>;
}

/** Where to listen, and for how many. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Default: {@link MAX_CONNECTIONS}. For each above it, one is closed: see {@link boundConnections}. */
  readonly mostConnections?: number;
  /** Called at most once a minute, with the number of connections that were closed since because there were too many. */
  readonly onDropped?: (count: number) => void;
}

const MAX_CONNECTIONS = 10_000;
const REPORT_DROPPED_MS = 60_000;
const CLOSE_MS = 10_000;

/** Listens with Node's strict parser and bounds on what a connection may hold. Rejects when the address is taken. */
export async function listen(
  app: RequestListener,
  { host, port, mostConnections = MAX_CONNECTIONS, onDropped }: ListenOptions,
): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: 15_000,
      requestTimeout: 60_000,
      // Longer than a proxy keeps its side open, so that it never sends into a connection that is being closed.
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: 5_000,
      maxHeaderSize: 16 * 1024,
      insecureHTTPParser: false,
    },
    app,
  );
  server.maxRequestsPerSocket = 10_000;
  boundConnections(server, { most: mostConnections, onClosed: counted(onDropped ?? (() => undefined)) });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    server,
    url: `http://${name}:${address.port}`,
    port: address.port,
    close: (deadlineMs = CLOSE_MS) => close(server, deadlineMs),
  };
}

/** Returns what counts its calls; the first is reported at once, later ones once a minute. */
function counted(report: (count: number) => void): () => void {
  let count = 0;
  let reportedAt = Number.NEGATIVE_INFINITY;
  return () => {
    count += 1;
    const now = performance.now();
    if (now - reportedAt < REPORT_DROPPED_MS) return;
    reportedAt = now;
    report(count);
    count = 0;
  };
}

async function close(server: Server, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that was busy when the closing began is idle once it has been answered.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cutOff = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cutOff);
}
