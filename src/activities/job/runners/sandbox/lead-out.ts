import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { withDeadline } from '../../../../async/deadline.js';
import { withPipes } from '../../with-pipes.js';

/** In milliseconds: it takes some twenty. */
const READY_MS = 15_000;
const MAX_SAID = 2_000;

/** It can open nothing but connections, answers for none of this machine's loopback, and ends when its last one is closed here. */
const OPTIONS = [
  ...['--configure', '--mtu=65520', '--disable-host-loopback', '--enable-sandbox', '--enable-seccomp'],
  ...['--ready-fd=3', '--exit-fd=4'],
];

/**
 * Has the programs in a network open connections to others than each other, by slirp4netns: to whatever this process can, but for what
 * the routes there leave out. `pid`: a process in it. Returns what ends that. Throws what keeps it from working, as slirp4netns says it.
 */
export async function leadOut(pid: number, marks: Readonly<Record<string, string>>): Promise<() => Promise<void>> {
  const child = withPipes(
    spawn('slirp4netns', [...OPTIONS, String(pid), 'tap0'], {
      cwd: '/',
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', ...marks },
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
    }),
  );
  const ended = once(child, 'exit');
  const close = async () => {
    child.kill('SIGKILL');
    for (const stream of child.stdio) stream?.destroy();
    await ended.catch(() => undefined);
  };
  let said = '';
  (child.stderr as Readable).on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(-MAX_SAID);
  });
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  const failed = ended.then(() => {
    throw new Error(`slirp4netns: ${said.trim() || 'it ended at once'}`);
  });
  failed.catch(() => undefined);
  try {
    await withDeadline({ ms: READY_MS }, () => Promise.race([once(child.stdio[3] as Readable, 'data'), failed]));
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}
