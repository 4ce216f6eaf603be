import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { withDeadline } from '../../../../async/deadline.js';
import { withPipes } from '../../with-pipes.js';
import { leadOut } from './lead-out.js';
import { routesOf } from './routes.js';

/** The network of one job: by it what its steps start reach each other by loopback, and where the job may, the internet. */
export interface HeldNetwork {
  /** A process that is in it. Throws where that has ended. */
  pid(): number;
  close(): Promise<void>;
}

/** What a network is made of. */
export interface NetworkOptions {
  /** Variables by which the processes that hold it are found. */
  readonly marks: Readonly<Record<string, string>>;
  /** It leads to the internet; `reachable`: and to these private addresses and ranges. Absent: nowhere. */
  readonly outwards?: { readonly reachable: readonly string[] } | undefined;
}

/** In milliseconds: it takes some ten. */
const READY_MS = 15_000;
const MAX_SAID = 2_000;

/** It ends with this process, and is none that steps see. It does nothing: its namespaces last as long as it does. */
const HOLD = ['--unshare-user', '--unshare-net', '--die-with-parent', '--json-status-fd', '3', '--cap-drop', 'ALL'];
const WAIT = ['--ro-bind', '/', '/', 'sh', '-c', 'echo ready; exec cat'];
/** It sets the routes that it is given once it is told to, which needs the network that leads out to be there. */
const SET_ROUTES = 'echo ready; read -r _; printf "%s\\n" "$@" | ip -batch - || exit 1; echo routed; exec cat';
const WAIT_FOR_ROUTES = ['--cap-add', 'CAP_NET_ADMIN', '--ro-bind', '/', '/', 'sh', '-c', SET_ROUTES, 'sh'];
/** The worker's user: slirp4netns becomes root of the namespace, or gives up. */
const AS_ROOT = ['--uid', '0', '--gid', '0'];

/** Makes a network and a user namespace that programs can enter. Throws what keeps it from being made, as the programs say it that make it. */
export async function holdNetwork({ marks, outwards }: NetworkOptions): Promise<HeldNetwork> {
  const waiting = outwards ? [...AS_ROOT, ...WAIT_FOR_ROUTES, ...routesOf(outwards.reachable)] : WAIT;
  const child = withPipes(
    spawn('bwrap', [...HOLD, ...waiting], {
      cwd: '/',
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', ...marks },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    }),
  );
  const ended = once(child, 'exit');
  let stopLeading: (() => Promise<void>) | undefined;
  const close = async () => {
    await stopLeading?.();
    child.kill('SIGKILL');
    // Without its input, what bubblewrap has started ends too; nothing of it is listened to any more.
    for (const stream of child.stdio) stream?.destroy();
    await ended.catch(() => undefined);
  };
  const input = child.stdio[0] as Writable;
  input.on('error', () => undefined);
  try {
    const says = listenTo(child, ended);
    const first = await withDeadline({ ms: READY_MS }, says.ready);
    if (outwards) {
      stopLeading = await leadOut(first, marks);
      await withDeadline({ ms: READY_MS }, () => {
        input.write('go\n');
        return says.routed();
      });
    }
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

/** Returns what waits for what the process says. Both throw what has ended it. */
function listenTo(child: ChildProcess, ended: Promise<unknown>) {
  let [said, told] = ['', ''];
  (child.stderr as Readable).on('data', (part: Buffer) => {
    said = (said + part.toString()).slice(-MAX_SAID);
  });
  const lines = child.stdout as Readable;
  // Its number is told before it is ready: one that loses bubblewrap meanwhile waits for ever.
  const isReady = once(lines, 'data');
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
  failed.catch(() => undefined);
  return {
    ready: () => Promise.race([isReady.then(() => first), failed]),
    routed: () => Promise.race([once(lines, 'data'), failed]),
  };
}
