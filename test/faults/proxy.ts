import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { type Decide, startCallProxy } from './call-proxy.js';

/**
 * How the way to Temporal behaves.
 * - `open`: as if it were not there.
 * - `slow`: everything takes `delayMs` longer, each way.
 * - `cut`: connections end after `afterMs`.
 * - `refuse`: none is taken.
 * - `calls`: each call has a fate of its own.
 */
export type Way =
  | { readonly kind: 'open' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'cut'; readonly afterMs: number }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'calls'; readonly decide: Decide };

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
  const calls = await startCallProxy(port);
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    keep(near);
    if (way.kind === 'refuse') return void near.destroy();
    const far = connect(way.kind === 'calls' ? calls.port : port, '127.0.0.1');
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
  await listening(server);
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    address: `127.0.0.1:${portOf(server)}`,
    set(next) {
      way = next;
      if (next.kind === 'calls') calls.set(next.decide);
      endAll();
    },
    async close() {
      endAll();
      await Promise.all([calls.close(), new Promise((resolve) => server.close(resolve))]);
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

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
