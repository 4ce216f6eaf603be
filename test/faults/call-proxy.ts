import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';

/** One call as it comes: all of Temporal's are one message there and one back. */
export interface Call {
  /** `StartWorkflowExecution` */
  readonly method: string;
  /** As on the wire, with gRPC's five bytes before it. */
  readonly message: Buffer;
}

/**
 * What becomes of a call.
 * - `pass`: as if nobody stood between.
 * - `late`: it is done at once, and its answer takes `ms` longer.
 * - `refused`: it reaches nobody, and is answered with the gRPC status.
 * - `lost`: it is done, and answered with the gRPC status all the same.
 */
export type Fate =
  | { readonly kind: 'pass' }
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'lost'; readonly status: number };

export type Decide = (call: Call) => Fate;

export interface CallProxy {
  readonly port: number;
  /** From the next call on. */
  set(decide: Decide): void;
  close(): Promise<void>;
}

const MAX_BYTES = 8 * 1024 * 1024;

/** Stands between callers and the gRPC server on `port`, and decides call by call. Their connections live and die together. */
export async function startCallProxy(port: number): Promise<CallProxy> {
  let decide: Decide = () => ({ kind: 'pass' });
  const sessions = new Set<ServerHttp2Session | ClientHttp2Session>();
  const keep = (session: ServerHttp2Session | ClientHttp2Session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session)).on('error', () => session.destroy());
  };
  const server = createServer();
  server.on('session', (near: ServerHttp2Session) => {
    keep(near);
    const far = connect(`http://127.0.0.1:${port}`);
    keep(far);
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    near.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      carry(stream, { headers, far, decide: (call) => decide(call) }).catch(() =>
        stream.close(constants.NGHTTP2_CANCEL),
      );
    });
  });
  server.on('sessionError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      decide = next;
    },
    async close() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function carry(
  stream: ServerHttp2Stream,
  { headers, far, decide }: { headers: IncomingHttpHeaders; far: ClientHttp2Session; decide: Decide },
): Promise<void> {
  const message = await all(stream);
  const fate = decide({ method: String(headers[':path']).split('/').pop() ?? '', message });
  if (fate.kind === 'refused') return refuse(stream, fate.status);
  const request = far.request(headers);
  request.on('error', () => undefined);
  // Whoever does not wait any more takes the call back.
  stream.on('close', () => request.close(constants.NGHTTP2_CANCEL));
  request.end(message);
  const answer = await answerTo(request);
  if (stream.closed) return;
  if (fate.kind === 'lost') return refuse(stream, fate.status);
  if (fate.kind === 'late') await untilLater(stream, fate.ms);
  if (!stream.closed) give(stream, answer);
}

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** A call that ends without a message has its status in the headers, see gRPC's "Trailers-Only". */
  readonly trailers: IncomingHttpHeaders | undefined;
}

async function answerTo(request: ReturnType<ClientHttp2Session['request']>): Promise<Answer> {
  let trailers: IncomingHttpHeaders | undefined;
  request.on('trailers', (given) => {
    trailers = given;
  });
  const [headers] = (await once(request, 'response')) as [IncomingHttpHeaders];
  return { headers, body: await all(request), trailers };
}

function give(stream: ServerHttp2Stream, { headers, body, trailers }: Answer): void {
  if (!trailers) return void stream.respond(headers, { endStream: true });
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}

function refuse(stream: ServerHttp2Stream, status: number): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(status), 'grpc-message': 'a fault' },
    { endStream: true },
  );
}

/** Rejects when the stream ends before its time, or carries too much. */
async function all(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new RangeError(`a message of more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Or until nobody waits any more. */
function untilLater(stream: ServerHttp2Stream, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stream.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
