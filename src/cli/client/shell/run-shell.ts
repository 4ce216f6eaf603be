import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { onAbort } from '../../../async/on-abort.js';

/** How long a shell has to end once its terminal is gone, in milliseconds. */
const HANGUP_MS = 2_000;

/**
 * Runs a shell that `start` starts on this process's terminal, or on what its input and output are, and returns its exit code: 128 and
 * the signal's number where one has ended it. Hangs up on it when `signal` aborts. Throws where it can't be started.
 */
export async function runShell(start: () => ChildProcess, signal: AbortSignal): Promise<number> {
  const child = start();
  let timer: NodeJS.Timeout | undefined;
  const stopListening = onAbort(signal, () => {
    child.kill('SIGHUP');
    timer = setTimeout(() => child.kill('SIGKILL'), HANGUP_MS);
  });
  try {
    const [code, by] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return code ?? codeOf(by ?? 'SIGKILL');
  } finally {
    stopListening();
    clearTimeout(timer);
  }
}

/** Returns the exit code of what a signal has ended, as shells tell it. */
export function codeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
