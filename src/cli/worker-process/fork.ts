import { type ChildProcess, fork } from 'node:child_process';
import { makeNicer, NICER_THAN_RECEIVER_BY, nicerBy } from '../../niceness.js';
import { built } from '../../paths.js';

/**
 * Has V8 keep 4 MB for new objects where it takes 16: the process waits for others most of the time, and holds 20 MB less.
 */
const SMALL_HEAP = ['--max-semi-space-size=4'];

/**
 * glibc gives many threads memory from arenas of their own, up to eight for each core, and what is free in one is no use to the others:
 * `mallopt(3)`, M_ARENA_MAX. The SDK's threads held 30 MB for nothing. Other systems' allocators don't know the name.
 */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

/**
 * Starts the process that works: it waits until it is told to begin. `besideReceiver`: where both want a core, the receiver goes before.
 * Throws where the system has no memory for it.
 */
export function forkWorker({ besideReceiver }: { readonly besideReceiver: boolean }): ChildProcess {
  const child = fork(built('cli/worker-process/main.js'), {
    env: { ...FEW_ARENAS, ...process.env },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, ...SMALL_HEAP],
  });
  if (besideReceiver && child.pid !== undefined) makeNicer(child.pid, nicerBy(NICER_THAN_RECEIVER_BY));
  return child;
}

/**
 * Starts one beside the receiver ahead of time: it loads its modules while this process loads its own. Until somebody takes it, it
 * keeps nobody alive, and it ends with this process. Undefined where it can't be started: then there is one later.
 */
export function forkWorkerAhead(): ChildProcess | undefined {
  try {
    const child = forkWorker({ besideReceiver: true });
    child.on('error', () => undefined);
    child.unref();
    child.channel?.unref();
    return child;
  } catch {
    return undefined;
  }
}

/** Returns a process that was started ahead of time for whoever needs it, if it is still there. */
export function takeAhead(child: ChildProcess | undefined): ChildProcess | undefined {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null || !child.connected)
    return undefined;
  child.ref();
  child.channel?.ref();
  return child;
}
