import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What is done to a request instead of passing it on: answered, not answered at all, or passed on, its answer being cut off, or held up,
 * after so many bytes.
 */
export type Meddling =
  | { readonly status: number; readonly body: string }
  | 'hang'
  | { readonly cutAfter: number }
  | { readonly holdAfter: number };

/** What stands between a client and a server. */
export interface Between {
  readonly url: string;
  /** All requests, as `PUT /bucket/key?partNumber=1`, oldest first. */
  readonly seen: string[];
  /** Is asked about each request. */
  meddle: (request: string) => Meddling | undefined;
  close(): Promise<void>;
}

/** Starts what passes requests on as they are, but for those that are meddled with. */
export async function startBetween(target: string): Promise<Between> {
  const to = new URL(target);
  const server = createServer((req, res) => {
    const asked = `${req.method} ${req.url}`;
    between.seen.push(asked);
    const meddling = between.meddle(asked);
    if (meddling === 'hang') {
      req.resume();
    } else if (meddling && 'status' in meddling) {
      req.resume();
      req.once('end', () => res.writeHead(meddling.status, { 'content-type': 'application/xml' }).end(meddling.body));
    } else passOn(req, res, { to, meddling });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const between: Between = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    meddle: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return between;
}

function passOn(
  req: IncomingMessage,
  res: ServerResponse,
  { to, meddling }: { readonly to: URL; readonly meddling: Exclude<Meddling, 'hang' | { status: number }> | undefined },
): void {
  const { method, url, headers } = req;
  // With the host that the client has signed.
  const passed = request({ host: to.hostname, port: to.port, method, path: url, headers }, async (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    let left = Object.values(meddling ?? {})[0] ?? Number.POSITIVE_INFINITY;
    try {
      for await (const chunk of answer) {
        res.write(chunk.subarray(0, Math.min(chunk.length, left)));
        left -= chunk.length;
        if (left > 0) continue;
        // Not by a reset, which may take what was sent with it.
        if (meddling && 'cutAfter' in meddling) res.socket?.end();
        return;
      }
      res.end();
    } catch {
      res.destroy();
    }
  });
  passed.on('error', () => res.destroy());
  res.on('close', () => passed.destroy());
  req.pipe(passed);
}
