import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { withDeadline } from '../../../../async/deadline.js';

/** The network of one job: what its steps start reaches each other by loopback, and nothing else. */
export interface HeldNetwork {
  /** A process that is in it. Throws where that has ended. */
  pid(): number;
  close(): Promise<void>;
}

/** In milliseconds: it takes some ten. */
const READY_MS = 15_000;
const MAX_SAID = 2_000;

/** It ends with this process, and is none that steps see. It does nothing: its namespaces last as long as it does. */
const HOLD = [
  ...['--unshare-user', '--unshare-net', '--die-with-parent', '--json-status-fd', '3', '--cap-drop', 'ALL'],
  ...['--ro-bind', '/', '/', 'sh', '-c', 'echo ready; exec cat'],
];

/** Makes a network and a user namespace that programs can enter. Throws what keeps it from being made, as bubblewrap says it. */
export async function holdNetwork(marks: Readonly<Record<string, string>>): Promise<HeldNetwork> {
  const child = spawn('bwrap', HOLD, {
    cwd: '/',
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', ...marks },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const close = async () => {
    child.kill('SIGKILL');
    // Without its input, what bubblewrap has started ends too; nothing of it is listened to any more.
    for (const stream of child.stdio) stream?.destroy();
    await ended.catch(() => undefined);
  };
  (child.stdio[0] as Writable).on('error', () => undefined);
  try {
    const first = await withDeadline({ ms: READY_MS }, () => ready(child, ended));
    const pid = () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error("the sandbox's network is gone");
      return first;
    };
    return { pid, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ready(child: ChildProcess, ended: Promise<unknown>): Promise<number> {
  let [said, told] = ['', ''];
  (child.stderr as Readable).on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(-MAX_SAID);
  });
  // Its number is told before it is ready: one that loses bubblewrap meanwhile waits for ever.
  const isReady = once(child.stdout as Readable, 'data');
  const first = new Promise<number>((resolve) => {
    (child.stdio[3] as Readable).on('data', (part: Buffer) => {
      told += part.toString();
      const pid = /"child-pid": (\d+)/.exec(told)?.[1];
      if (pid !== undefined) resolve(Number(pid));
    });
  });
  const failed = ended.then(() => {
    throw new Error(said.trim() || 'bwrap ended at once');
  });
  return Promise.race([isReady.then(() => first), failed]);
}
