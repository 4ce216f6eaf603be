import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../../config/config.js';
import { inUrl } from '../../http/host-in-url.js';
import { isLoopbackHost } from '../../http/loopback-host.js';
import type { Logger } from '../../log.js';
import type { Lifecycle } from './lifecycle.js';
import { anyFreePort, freePort, listenError } from './ports.js';

/** What {@link startMetrics} works with. */
export interface MetricsDeps {
  readonly config: Pick<Config, 'metrics'>;
  readonly log: Logger;
  readonly lifecycle: Lifecycle;
  /** Takes the next free port when the wanted one is busy. */
  readonly anyPort: boolean;
}

/** The page that Prometheus scrapes. */
export interface MetricsPage {
  /** Where it is, or undefined when metrics are switched off. */
  readonly url: string | undefined;
  /** Where the exporter of Temporal's SDK must listen; only this page asks it. */
  readonly temporalAddress: string | undefined;
  /** Adds a part of the page, in Prometheus' text format. */
  add(expose: () => Promise<string>): void;
}

/** The parts of a page of metrics, in Prometheus' text format. */
export interface MetricsParts extends Pick<MetricsPage, 'add'> {
  /** Resolves to all of them. A part that fails leaves a comment in its place. */
  expose(): Promise<string>;
}

const SCRAPE_MS = 5_000;

/** Returns what gathers the parts of a page. */
export function createMetricsParts(): MetricsParts {
  const parts: (() => Promise<string>)[] = [];
  return {
    add: (part) => void parts.push(part),
    async expose() {
      const texts = parts.map((part) => part().catch((error: Error) => `# not available: ${error.name}\n`));
      return (await Promise.all(texts)).join('\n');
    },
  };
}

/** Serves `GET /metrics` on a port of its own: what this process counts, and what Temporal's SDK does. */
export async function startMetrics({ config, log, lifecycle, anyPort }: MetricsDeps): Promise<MetricsPage> {
  const { enabled, host, port } = config.metrics;
  if (!enabled) return { url: undefined, temporalAddress: undefined, add: () => undefined };
  const parts = createMetricsParts();
  // As the system writes it, however it is configured.
  const boundTo = () => (server.address() as AddressInfo | null)?.address ?? host;
  const server = createServer(async (req, res) => {
    const isScrape = req.method === 'GET' && (req.url ?? '').split('?')[0] === '/metrics';
    // Bound to loopback, it is for this machine alone: not for a page whose name resolves to 127.0.0.1.
    const isConfigured = req.headers.host?.replace(/:\d+$/, '') === inUrl(host);
    if (isLoopbackHost(inUrl(boundTo())) && !isConfigured && !isLoopbackHost(req.headers.host))
      return void res.writeHead(403, { 'content-type': 'text/plain' }).end('ask for it at localhost or 127.0.0.1\n');
    if (!isScrape) return void res.writeHead(404, { 'content-type': 'text/plain' }).end('GET /metrics\n');
    const text = await parts.expose();
    res.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text);
  });
  server.requestTimeout = SCRAPE_MS;
  const wanted = anyPort ? await freePort(port, host) : port;
  await listen(server, { host, port: wanted });
  lifecycle.onStop('the metrics', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://${inUrl(host)}:${(server.address() as AddressInfo).port}/metrics`;
  log.debug({ url }, 'metrics');
  const temporalAddress = `127.0.0.1:${await anyFreePort('127.0.0.1')}`;
  return { url, temporalAddress, add: parts.add };
}

/** Returns a part of the page: what the exporter of Temporal's SDK answers at `address`. */
export function temporalMetrics(address: string): () => Promise<string> {
  return async () => {
    const answer = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(SCRAPE_MS) });
    return answer.text();
  };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(listenError(error, { host, port, use: 'metrics', variable: 'HOOKYARD_METRICS_PORT' })),
    );
    server.listen(port, host, () => resolve());
  });
}
