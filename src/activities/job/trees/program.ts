import { execa } from 'execa';

const MAX_BYTES = 64 * 1024 * 1024;

/** Runs a program of the system over files and returns its output. Rejects when it fails, the signal aborts, or it writes more than 64 MB. */
export async function run(signal: AbortSignal, command: string, args: readonly string[]): Promise<Buffer> {
  const { stdout } = await execa(command, args, {
    cwd: '/',
    extendEnv: false,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
    stdin: 'ignore',
    stderr: 'pipe',
    encoding: 'buffer',
    cancelSignal: signal,
    maxBuffer: MAX_BYTES,
    stripFinalNewline: false,
  });
  return Buffer.from(stdout);
}
