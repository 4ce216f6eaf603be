import { execFileSync } from 'node:child_process';

/** Returns the process id of the worker process that a `hookyard start` has; undefined while there is none. */
export function workerProcessOf(start: number): number | undefined {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const line = lines.find((text) => text.includes('worker-process') && text.trim().split(/\s+/)[1] === String(start));
  return line === undefined ? undefined : Number(line.trim().split(/\s+/)[0]);
}
