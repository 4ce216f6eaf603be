import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import getPort, { portNumbers } from 'get-port';
import type { Config } from '../../config/config.js';
import type { Logger } from '../../log.js';
import { UserError } from '../user-error.js';
import type { Lifecycle } from './lifecycle.js';

export interface MetricsDeps {
  readonly config: Pick<Config, 'metrics'>;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  /** Takes the next free port when the wanted one is busy. */
  readonly anyPort: boolean;
}

export interface MetricsPage {
  /** Where it is, or undefined when metrics are switched off. */
  readonly url: string | undefined;
  /** Where Temporal's own exporter is to listen; only the page asks it. */
  readonly temporalAddress: string | undefined;
  /** Adds a part of the page: Prometheus' text format. */
  add(expose: () => Promise<string>): void;
}

const SCRAPE_MS = 5_000;

/**
 * `GET /metrics` on a port of its own: what this process counts, and what Temporal's SDK does. A part that can't be had
 * leaves a comment in its place.
 */
export async function startMetrics({ config, log, lifecycle, anyPort }: MetricsDeps): Promise<MetricsPage> {
  const { enabled, host, port } = config.metrics;
  const parts: (() => Promise<string>)[] = [];
  if (!enabled) return { url: undefined, temporalAddress: undefined, add: () => undefined };
  const server = createServer(async (req, res) => {
    const isScrape = req.method === 'GET' && (req.url ?? '').split('?')[0] === '/metrics';
    if (!isScrape) return void res.writeHead(404, { 'content-type': 'text/plain' }).end('GET /metrics\n');
    const texts = await Promise.all(
      parts.map((part) => part().catch((error: Error) => `# not available: ${error.name}\n`)),
    );
    res.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(texts.join('\n'));
  });
  server.requestTimeout = SCRAPE_MS;
  const wanted =
    anyPort && port !== 0 ? await getPort({ port: portNumbers(port, Math.min(port + 100, 65_535)), host }) : port;
  await listen(server, { host, port: wanted });
  lifecycle.onStop('the metrics', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://${host}:${(server.address() as AddressInfo).port}/metrics`;
  log.debug({ url }, 'metrics');
  const temporalAddress = `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
  return { url, temporalAddress, add: (part) => void parts.push(part) };
}

/** What Temporal's SDK exports for itself. */
export function temporalMetrics(address: string): () => Promise<string> {
  return async () => {
    const answer = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(SCRAPE_MS) });
    return answer.text();
  };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError(`Port ${port} of ${host}, for metrics, is taken: set HOOKYARD_METRICS_PORT to another`)
          : error,
      ),
    );
    server.listen(port, host, () => resolve());
  });
}
