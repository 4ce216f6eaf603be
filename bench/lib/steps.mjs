import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Collects when each run's first step began, by its head commit. */
export function createSteps() {
  const first = new Map();
  const note = ({ sha, number, at }) => {
    if (number === 1 && !first.has(sha)) first.set(sha, at);
  };
  return {
    note,
    /** Listens for what processes tell that are not this one's children. Resolves to the port. */
    async listen(bench) {
      const socket = createSocket('udp4', (message) => note(JSON.parse(message))).unref();
      bench.onEnd(() => socket.close());
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      return socket.address().port;
    },
    /** From each POST to its run's first step, in ms; those that have not begun are left out. */
    delays: (sent) => sent.flatMap(([sha, at]) => (first.has(sha) ? [first.get(sha) - at] : [])).sort((a, b) => a - b),
  };
}
