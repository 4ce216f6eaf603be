import { rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { onAbort } from '../../../async/on-abort.js';
import type { GracePeriods } from '../process-group.js';
import type { Runner, RunnerOptions } from '../runners/runner.js';
import { type Contents, LISTING, readContents } from './contents.js';
import { writeList } from './write-list.js';

/** Where an archive's paths count from, and what ends the work on it. */
export interface ArchiveCall {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly gracePeriods: GracePeriods;
  /** Starts the work: what is shut off from the steps is so from it, wherever links lead that they have made. */
  readonly runner: Pick<Runner, 'tools'>;
}

const ENV = { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8' };
/**
 * What has no special character is looked up with and without each folder that it lies below, and where there may be characters of several
 * bytes, each of these is read anew: hundreds of folders take seconds then.
 */
const NO_GIT = ['--ignore-case', '--exclude=.gi[t]'];
const BYTES = { LC_ALL: 'C' };

/** Writes files, links and folders, these without what is in them, to a compressed archive. What is gone meanwhile is left out. Throws when it can't be written. */
export async function pack(archive: string, paths: readonly string[], call: ArchiveCall): Promise<void> {
  const list = `${archive}.list`;
  await writeList(list, paths, call.signal);
  // A worker that runs as root would unpack what makes whoever starts it root.
  const how = ['--create', '--gzip', '--no-recursion', '--ignore-failed-read', '--mode=a-s'];
  const shares = { writable: [dirname(resolve(archive))] };
  await tar([...how, '--null', '--files-from', list, '--file', archive], { ...call, shares });
  await rm(list);
}

/**
 * Returns what an archive puts where. Throws a {@link PathError} where that leads elsewhere than its paths say: steps may have changed
 * what was packed meanwhile. Takes most of the time of unpacking it.
 */
export async function contentsOf(archive: string, call: ArchiveCall): Promise<Contents> {
  const shares = { readable: [resolve(archive)] };
  const reading = readContents();
  await tar([...LISTING, '--gzip', '--file', archive], { ...call, shares, onOutput: reading.add });
  return reading.end();
}

/**
 * Puts the content of an archive over what is there. Throws when it can't be read. To be called with those that {@link contentsOf} has
 * looked at, here or before they were kept. `git`: git's own folders too.
 */
export async function unpack(
  archive: string,
  { git = false, ...call }: ArchiveCall & { readonly git?: boolean },
): Promise<void> {
  const shares = { readable: [resolve(archive)] };
  await tar(['--extract', '--gzip', ...(git ? [] : NO_GIT), '--file', archive], { ...call, shares, env: BYTES });
}

interface TarCall extends ArchiveCall {
  readonly shares: NonNullable<RunnerOptions['shares']>;
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: (chunk: Buffer) => void;
}

async function tar(
  args: readonly string[],
  { cwd, signal, gracePeriods, runner, shares, env = {}, onOutput }: TarCall,
): Promise<void> {
  signal.throwIfAborted();
  const tools = await runner.tools();
  const group = tools.start({ command: 'tar', args, cwd, env: { ...ENV, ...env }, shares }, gracePeriods);
  const stopListening = onAbort(signal, () => void group.stop());
  try {
    let said = '';
    const say = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-500);
    };
    const read = async (stream: AsyncIterable<Buffer>, take: (chunk: Buffer) => void) => {
      for await (const chunk of stream) take(chunk);
    };
    const [{ exitCode }] = await Promise.all([
      group.ended,
      read(group.stdout, onOutput ?? say),
      read(group.stderr, say),
    ]);
    signal.throwIfAborted();
    // 1: a file changed while it was read.
    if (exitCode !== 0 && exitCode !== 1) throw new Error(`tar failed: ${said.trim()}`);
  } finally {
    stopListening();
  }
}
