import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  readonly server: Server;
  /** With the port that was really taken. */
  readonly url: string;
  readonly port: number;
  /** Takes on nothing more, lets what is under way finish for `deadlineMs`, then cuts it off. */
  close(deadlineMs?: number): Promise<void>;
}

const CLOSE_MS = 10_000;

/** Node's strict parser, with bounds on what a connection may hold. Rejects when the address is taken. */
export async function listen(app: RequestListener, { host, port }: { host: string; port: number }): Promise<Listening> {
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
  server.maxConnections = 10_000;
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

async function close(server: Server, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that was busy when the closing began is idle once it has been answered.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const cutOff = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cutOff);
}
