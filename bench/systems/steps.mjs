import { createSocket } from 'node:dgram';
import { appendFileSync } from 'node:fs';

const { BENCH_STEP_PORT: port, BENCH_STEP_FILE: file } = process.env;
const socket = port ? createSocket('udp4').unref() : undefined;

/** The activity of every system that is measured from end to end: tells the bench's process when it began. */
export async function step({ sha, number }) {
  const message = { kind: 'step', sha, number, at: performance.timeOrigin + performance.now() };
  // A file has it even if this process is killed now.
  if (file) appendFileSync(file, `${JSON.stringify(message)}\n`);
  // The process that works may be a child of the one that the bench has started.
  else if (socket) socket.send(JSON.stringify(message), Number(port), '127.0.0.1');
  else process.send?.(message);
}
