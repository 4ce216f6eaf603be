import type { ChildProcess } from 'node:child_process';

/**
 * Returns a process that was just started. Throws where too many files are open for its pipes: Node returns it without any then, and tells
 * of that later, when what reads them would have broken in other words.
 */
export function withPipes<T extends ChildProcess>(child: T): T {
  if ((child.stdio as unknown) !== undefined) return child;
  child.on('error', () => undefined);
  throw Object.assign(new Error('no process can be started: too many files are open'), { code: 'EMFILE' });
}
