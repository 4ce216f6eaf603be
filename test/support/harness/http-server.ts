import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  /** The path as it was sent, encoded. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Parsed JSON, or the fields of a form; undefined without a body. */
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: object | string;
}

/** `'hang'`: never answered. `'drop'`: the connection is cut, after the request was taken in. */
export type Answer = Reply | 'hang' | 'drop';

export interface LocalServer {
  readonly url: string;
  readonly received: Received[];
  /** Returns how many are open. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

/** A real HTTP server on a free local port that keeps what it gets. An error of `answer` is shown to the client as 599. */
export async function startServer(answer: (request: Received) => Answer | Promise<Answer>): Promise<LocalServer> {
  const received: Received[] = [];
  const server = createServer(async (req, res) => {
    const url = new URL(req.url ?? '/', 'http://local');
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const request: Received = {
      method: req.method ?? '',
      path: decodeURIComponent(url.pathname),
      target: url.pathname,
      query: url.searchParams,
      headers: req.headers,
      body: text ? parsed(text, req.headers['content-type']) : undefined,
    };
    received.push(request);
    const reply = await Promise.resolve()
      .then(() => answer(request))
      .catch((error: Error): Answer => ({ status: 599, body: { message: error.message } }));
    if (reply === 'hang') return;
    if (reply === 'drop') {
      req.socket.destroy();
      return;
    }
    const isJson = typeof reply.body === 'object';
    res.writeHead(reply.status, {
      ...(reply.body !== undefined && { 'content-type': isJson ? 'application/json; charset=utf-8' : 'text/plain' }),
      ...reply.headers,
    });
    res.end(isJson ? JSON.stringify(reply.body) : reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parsed(text: string, type: string | undefined): unknown {
  return type?.startsWith('application/x-www-form-urlencoded')
    ? Object.fromEntries(new URLSearchParams(text))
    : JSON.parse(text);
}
