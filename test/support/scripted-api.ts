import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

export interface Exchange {
  /** Method and address as they come over the wire: `GET /api/v4/user?page=1`. */
  readonly ask: string;
  /** The JSON that must be sent; left out, there must be none. */
  readonly sent?: unknown;
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, a string as it is. */
  readonly answer?: unknown;
}

export interface ScriptedApi {
  readonly url: string;
  /** What is to be asked next, in this order, and what is answered. */
  expects(...exchanges: Exchange[]): void;
  /** Fails unless everything was asked, as expected and nothing else; then stops the server. */
  close(): Promise<void>;
}

/** A provider's API that answers what its documentation says, to exactly the requests that a test expects. */
export async function scriptedApi([header, value]: readonly [string, string]): Promise<ScriptedApi> {
  const left: Exchange[] = [];
  const problems: unknown[] = [];

  function answerTo(got: { ask: string; sent: unknown; auth: unknown; type: unknown }): Exchange {
    const expected = left.shift();
    const isRight =
      got.ask === expected?.ask &&
      isDeepStrictEqual(got.sent, expected.sent) &&
      got.auth === value &&
      got.type === (expected.sent === undefined ? undefined : 'application/json');
    if (isRight) return expected;
    problems.push({ expected, got });
    return { ask: '', status: 418 };
  }

  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const {
      status = 200,
      headers,
      answer,
    } = answerTo({
      ask: `${req.method} ${req.url}`,
      sent: text ? JSON.parse(text) : undefined,
      auth: req.headers[header],
      type: req.headers['content-type'],
    });
    res.writeHead(status, headers);
    res.end(answer === undefined || typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    expects: (...exchanges) => void left.push(...exchanges),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      expect({ problems, left }).toEqual({ problems: [], left: [] });
    },
  };
}
