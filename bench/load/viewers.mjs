import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { serve } from '../lib/serve.mjs';

const CAUGHT_UP_MS = 10_000;
const EMPTY = Buffer.from('\nid: ');

let viewers = [];

/** A process that holds the connections of all who look at a live log, and reads no more of what comes than its last number. */
serve({
  async look({ port, path, count, header }) {
    viewers = await Promise.all(
      Array.from({ length: count }, (_, n) => open({ port, path, header, who: `viewer-${n}` })),
    );
  },
  /** Waits until everybody was sent the line of this number; answers how many were, and the bytes of all. */
  async seen({ line }) {
    for (const until = Date.now() + CAUGHT_UP_MS; Date.now() < until; await wait(50))
      if (viewers.every(({ last }) => last >= line)) break;
    return {
      caughtUp: viewers.filter(({ last }) => last >= line).length,
      bytes: viewers.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  },
  async leave() {
    for (const { socket } of viewers) socket.destroy();
    viewers = [];
  },
});

/** Opens a connection as a browser does, and resolves once the answer has begun. */
function open({ port, path, header, who }) {
  const viewer = { last: 0, bytes: 0, socket: connect({ port, host: '127.0.0.1' }) };
  const { socket } = viewer;
  const head = [`GET ${path} HTTP/1.1`, 'host: page.example', 'accept: text/event-stream', `${header}: ${who}`, '', ''];
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => socket.write(head.join('\r\n')));
    socket.once('data', (chunk) => {
      const status = chunk.latin1Slice(9, 12);
      if (status === '200') resolve(viewer);
      else reject(new Error(`a viewer was answered ${status}`));
    });
    socket.on('data', (chunk) => {
      viewer.bytes += chunk.length;
      const at = chunk.lastIndexOf(EMPTY);
      if (at >= 0) viewer.last = Number.parseInt(chunk.latin1Slice(at + EMPTY.length, at + EMPTY.length + 16), 10);
    });
  });
}
