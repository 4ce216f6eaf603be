import { createSocket } from 'node:dgram';

const { BENCH_STEP_PORT: port } = process.env;
const socket = port ? createSocket('udp4').unref() : undefined;

/** The activity of every system that is measured from end to end: tells the bench's process when it began. */
export async function step({ sha, number }) {
  const message = { kind: 'step', sha, number, at: performance.timeOrigin + performance.now() };
  // The process that works may be a child of the one that the bench has started.
  if (socket) socket.send(JSON.stringify(message), Number(port), '127.0.0.1');
  else process.send?.(message);
}
