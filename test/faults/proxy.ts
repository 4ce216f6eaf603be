import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/**
 * How the way to Temporal behaves.
 * - `open`: as if it were not there.
 * - `slow`: everything takes `delayMs` longer, each way.
 * - `cut`: connections end after `afterMs`.
 * - `refuse`: none is taken.
 * - `errors`: every call is answered with a gRPC status, and reaches nobody.
 */
export type Way =
  | { readonly kind: 'open' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'cut'; readonly afterMs: number }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'errors'; readonly status: number };

export interface TemporalProxy {
  readonly address: string;
  /** Changes the way for new connections, and ends those there are: they were of the way before. */
  set(way: Way): void;
  close(): Promise<void>;
}

/** Stands between Hookyard's processes and the Temporal server on `port`. */
export async function startProxy(port: number): Promise<TemporalProxy> {
  let way: Way = { kind: 'open' };
  const open = new Set<Socket>();
  const errors = createHttp2Server();
  errors.on('stream', (stream) => {
    const status = way.kind === 'errors' ? way.status : 14;
    stream.on('error', () => undefined);
    // A call that ends without a message has its status in the headers, see gRPC's "Trailers-Only".
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(status), 'grpc-message': 'a fault' },
      { endStream: true },
    );
  });
  errors.on('sessionError', () => undefined);
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    keep(near);
    if (way.kind === 'refuse') return void near.destroy();
    const far = connect(way.kind === 'errors' ? portOf(errors) : port, '127.0.0.1');
    keep(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    if (way.kind === 'slow') {
      near.pipe(late(way.delayMs)).pipe(far);
      far.pipe(late(way.delayMs)).pipe(near);
    } else {
      near.pipe(far).pipe(near);
    }
    if (way.kind === 'cut') {
      const timer = setTimeout(() => near.destroy(), way.afterMs);
      near.on('close', () => clearTimeout(timer));
    }
  });
  await Promise.all([server, errors].map(listening));
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    address: `127.0.0.1:${portOf(server)}`,
    set(next) {
      way = next;
      endAll();
    },
    async close() {
      endAll();
      await Promise.all([server, errors].map((one) => new Promise((resolve) => one.close(resolve))));
    },
  };
}

/** Hands each piece on a while after it came, in order. */
function late(ms: number): Transform {
  return new Transform({
    transform(chunk, _encoding, done) {
      setTimeout(() => this.push(chunk), ms);
      done();
    },
    flush(done) {
      setTimeout(done, ms);
    },
  });
}

function listening(server: Pick<Server, 'listen' | 'once'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
}

function portOf(server: Pick<Server, 'address'>): number {
  return (server.address() as AddressInfo).port;
}
