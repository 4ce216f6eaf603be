import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { isLoopbackHost } from '../http/loopback-host.js';

/** Where the proxy listens, on 127.0.0.1, and where the UI does. */
export interface UiProxyOptions {
  readonly port: number;
  readonly ui: { readonly host: string; readonly port: number };
}

/** What {@link startUiProxy} has started. */
export interface UiProxy {
  stop(): Promise<void>;
}

/** Without a byte for so long, a request to the UI is given up. Its own longest answer waits for a workflow's result. */
const IDLE_MS = 120_000;
const MAX_CONNECTIONS = 200;

/**
 * Serves Temporal's UI and its API to browsers of this machine. The UI has no login and asks for no name: any page on the web
 * could drive it whose name resolves to 127.0.0.1. Here only loopback names are let in, and of requests that a page makes only
 * those of the UI's own pages. Rejects when the port is taken.
 */
export async function startUiProxy({ port, ui }: UiProxyOptions): Promise<UiProxy> {
  const server = createServer((req, res) => {
    const { host, origin } = req.headers;
    if (!isLoopbackHost(host))
      refuse(res, 403, 'The Temporal UI answers for localhost and 127.0.0.1 only: open it under one of them.\n');
    // Browsers name the page's origin with all that changes something, and with all that a page elsewhere could read.
    else if (origin !== undefined && origin !== `http://${host}`)
      refuse(res, 403, 'The Temporal UI takes nothing from pages of other addresses.\n');
    else pass(req, res, ui);
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return {
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pass(req: IncomingMessage, res: ServerResponse, ui: UiProxyOptions['ui']): void {
  const { method, url: path, headers } = req;
  const away = () => refuse(res, 502, 'The Temporal UI does not answer: the Temporal server may be starting again.\n');
  const onward = request({ ...ui, method, path, headers, timeout: IDLE_MS }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, res, () => undefined);
  });
  onward.on('timeout', () => onward.destroy(new Error('no answer')));
  onward.on('error', away);
  // A browser that has gone away wants no answer any more.
  res.on('close', () => onward.destroy());
  pipeline(req, onward, () => undefined);
}

function refuse(res: ServerResponse, status: number, text: string): void {
  if (res.headersSent) res.destroy();
  else res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}
