import { execa, type Options } from 'execa';
import { createPathCount, MOST_TRACKED } from '../../path-count.js';
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

/**
 * Runs one and returns the paths that it prints, ended by a zero byte each; each byte is a character. Rejects when it fails, the signal
 * aborts, or there are more than are looked at: then it is stopped.
 */
export async function listBy(
  signal: AbortSignal,
  command: string,
  args: readonly string[],
): Promise<readonly string[]> {
  const records: string[] = [];
  const child = execa(command, args, { ...optionsOf(signal), buffer: { stdout: false } });
  const count = createPathCount(MOST_TRACKED);
  const onRecord = (record: string) => {
    const tooMany = count.add(record.length);
    if (tooMany !== undefined) throw new Error(tooMany);
    records.push(record);
  };
  const reading = readRecords(child.stdout, { encoding: 'latin1', onRecord });
  // Its own end says less where it was not read to the end.
  const [ended, read] = await Promise.allSettled([child, reading]);
  for (const one of [read, ended]) if (one.status === 'rejected') throw one.reason;
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
