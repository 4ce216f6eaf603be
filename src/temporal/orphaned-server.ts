import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import type { Logger } from '../log.js';
import { shortEnvironment } from '../secrets/short-environment.js';

const PS_MS = 5_000;

const fileIn = (dataFolder: string) => join(dataFolder, 'temporal.pid');

/** Writes down which process serves this data folder. It is still there if Hookyard is killed. */
export async function recordServer(dataFolder: string, { pid }: { pid: number }): Promise<void> {
  await writeFile(fileIn(dataFolder), `${pid}\n`);
}

/** Deletes what {@link recordServer} wrote. */
export async function forgetServer(dataFolder: string): Promise<void> {
  await rm(fileIn(dataFolder), { force: true });
}

/** Ends the server that an earlier Hookyard left on this data folder's database because it was killed. */
export async function stopOrphanedServer(
  dataFolder: string,
  { database, log }: { database: string; log: Logger },
): Promise<void> {
  const pid = Number((await readFile(fileIn(dataFolder), 'utf8').catch(() => '')).trim());
  if (!pid || !(await serves(pid, database))) return;
  log.info({ pid }, 'ending the Temporal server that an earlier Hookyard left running');
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    tryKill(pid, signal);
    for (let i = 0; i < 100; i++) {
      if (!(await serves(pid, database))) return;
      await wait(50);
    }
  }
}

/** Returns whether the process has our database on its command line: the id may belong to another process by now. */
async function serves(pid: number, database: string): Promise<boolean> {
  return (await commandLine(pid)).includes(database);
}

/**
 * Returns a process's command line; empty if there is no such process, or a zombie. On Linux it reads a file, because
 * small images have no `ps`.
 */
async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const ps = ['-ww', '-o', 'stat=,args=', '-p', String(pid)];
  const { stdout, failed } = await execa('ps', ps, {
    env: shortEnvironment(),
    extendEnv: false,
    reject: false,
    timeout: PS_MS,
  });
  return failed || stdout.startsWith('Z') ? '' : stdout;
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended since it was looked at.
  }
}
