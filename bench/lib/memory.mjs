import { execFileSync } from 'node:child_process';

/** What a process holds of the machine's memory, in MB. */
export function memoryOf(pid) {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8', timeout: 10_000 });
  return Number(kilobytes.trim()) / 1024;
}
