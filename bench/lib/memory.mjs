import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What a process holds of the machine's memory, in MB. On Linux its proportional share: what several processes have in
 * common, as a program's code, counts once. Elsewhere, its resident set.
 */
export function memoryOf(pid) {
  try {
    const pss = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
    return Number(pss[1]) / 1024;
  } catch {
    const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8', timeout: 10_000 });
    return Number(kilobytes.trim()) / 1024;
  }
}
