import { execa } from 'execa';

const DEADLINE_MS = 5 * 60_000;
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Runs a program of the system over files and returns its output. Rejects when it fails, takes more than five minutes, or writes
 * more than 16 MB.
 */
export async function run(command: string, args: readonly string[]): Promise<Buffer> {
  const { stdout } = await execa(command, args, {
    cwd: '/',
    extendEnv: false,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
    stdin: 'ignore',
    stderr: 'pipe',
    encoding: 'buffer',
    timeout: DEADLINE_MS,
    maxBuffer: MAX_BYTES,
    stripFinalNewline: false,
  });
  return Buffer.from(stdout);
}
