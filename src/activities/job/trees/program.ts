import { execa, type Options } from 'execa';
import { readRecords } from '../../read-records.js';

const MAX_BYTES = 64 * 1024 * 1024;

/** Runs a program of the system over files and returns its output. Rejects when it fails, the signal aborts, or it writes more than 64 MB. */
export async function run(signal: AbortSignal, command: string, args: readonly string[]): Promise<Buffer> {
  const { stdout } = await execa(command, args, {
    ...optionsOf(signal),
    encoding: 'buffer',
    maxBuffer: MAX_BYTES,
    stripFinalNewline: false,
  });
  return Buffer.from(stdout);
}

/** Runs one and returns what it prints, ended by a zero byte each; each byte is a character. Rejects when it fails, or the signal aborts. */
export async function listBy(
  signal: AbortSignal,
  command: string,
  args: readonly string[],
): Promise<readonly string[]> {
  const records: string[] = [];
  const child = execa(command, args, { ...optionsOf(signal), buffer: { stdout: false } });
  const onRecord = (record: string) => void records.push(record);
  await Promise.all([child, readRecords(child.stdout, { encoding: 'latin1', onRecord })]);
  return records;
}

function optionsOf(signal: AbortSignal) {
  return {
    cwd: '/',
    extendEnv: false,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
    stdin: 'ignore',
    stderr: 'pipe',
    cancelSignal: signal,
  } as const satisfies Options;
}
