import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import type { Logger } from '../log.js';

const PS_MS = 5_000;

const fileIn = (dataFolder: string) => join(dataFolder, 'temporal.pid');

/** Writes down which process serves this data folder: after a SIGKILL it is still there. */
export async function noteServer(dataFolder: string, { pid }: { pid: number }): Promise<void> {
  await writeFile(fileIn(dataFolder), `${pid}\n`);
}

export async function forgetServer(dataFolder: string): Promise<void> {
  await rm(fileIn(dataFolder), { force: true });
}

/** Ends a server that an earlier Hookyard, which was killed, has left on this data folder's database. */
export async function stopLeftover(
  dataFolder: string,
  { database, log }: { database: string; log: Logger },
): Promise<void> {
  const pid = Number((await readFile(fileIn(dataFolder), 'utf8').catch(() => '')).trim());
  if (!pid || !(await serves(pid, database))) return;
  log.info({ pid }, 'ending the Temporal server that an earlier Hookyard has left behind');
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    tryKill(pid, signal);
    for (let i = 0; i < 100; i++) {
      if (!(await serves(pid, database))) return;
      await wait(50);
    }
  }
}

/** The number may belong to another process by now: only one that has our database on its command line is ours. */
async function serves(pid: number, database: string): Promise<boolean> {
  return (await commandLine(pid)).includes(database);
}

/** Empty when there is no such process. A zombie has none. Linux has it in a file; `ps` is not part of small images. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const ps = ['-ww', '-o', 'stat=,args=', '-p', String(pid)];
  const { stdout, failed } = await execa('ps', ps, { reject: false, timeout: PS_MS });
  return failed || stdout.startsWith('Z') ? '' : stdout;
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself since it was looked at.
  }
}
