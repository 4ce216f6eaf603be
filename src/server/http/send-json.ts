import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a request is answered with. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What a request is answered with, as text. */
export interface TextAnswer {
  readonly status: number;
  /** With its type, and its encoding if it is compressed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes are sent as they are. */
  readonly text: string | Buffer;
}

/** Providers show answers on their own pages: a browser must not run, frame, sniff or store them. */
const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
};

/** A refused sender that is still sending is read from for this long, so that it gets to read the answer. */
const LINGER_MS = 2_000;
const LINGER_BYTES = 1024 * 1024;

/** Answers a request with JSON. If its body was not read, the connection is closed after the answer. */
export function sendJson(req: IncomingMessage, res: ServerResponse, { status, headers, body }: JsonAnswer): void {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  sendText(req, res, { status, headers: { ...type, ...headers }, text: `${JSON.stringify(body)}\n` });
}

/** Answers a request with a text, as {@link sendJson} does. */
export function sendText(req: IncomingMessage, res: ServerResponse, answer: TextAnswer): void {
  if (res.headersSent || res.destroyed) return;
  // Text is not made into bytes here: Node sends head and body in one piece then.
  const { text } = answer;
  const unread = !req.complete && mayHaveBody(req);
  res.writeHead(answer.status, {
    ...ALWAYS,
    ...answer.headers,
    'content-length': Buffer.byteLength(text),
    ...(unread && { connection: 'close' }),
  });
  if (!unread || req.method === 'HEAD') {
    res.end(text);
    return;
  }
  // Closing a connection with unread bytes resets it, and a reset can overtake the answer on its way.
  res.write(text);
  drain(req, () => res.end());
}

function mayHaveBody(req: IncomingMessage): boolean {
  return req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
}

/** Throws away what still arrives, within bounds. */
function drain(req: IncomingMessage, done: () => void): void {
  let bytes = 0;
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    done();
  };
  const timer = setTimeout(end, LINGER_MS);
  req.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) end();
  });
  req.on('end', end).on('close', end).on('error', end).resume();
}
