import { access, constants, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A program, and the arguments that come before a step's commands. */
export interface Shell {
  readonly command: string;
  readonly args: readonly string[];
}

const BASH = ['--noprofile', '--norc', '-eo', 'pipefail', '-c'];

/** How programs take commands. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  bash: BASH,
  sh: ['-ec'],
  dash: ['-ec'],
  zsh: ['-ec'],
  python: ['-c'],
  python3: ['-c'],
  node: ['-e'],
  ruby: ['-e'],
  perl: ['-e'],
  pwsh: ['-NoProfile', '-Command'],
};

/** Finds what runs a step's commands: as {@link findShell} does on this machine. */
export type FindShell = typeof findShell;

/** Returns how a program takes commands; undefined where that is not known. */
export function argumentsOf(program: string): readonly string[] | undefined {
  return Object.hasOwn(KNOWN, program) ? KNOWN[program] : undefined;
}

/**
 * Returns what runs a step's commands; in words, why that can't be told. Where the step names none, Bash if there is one, set to
 * fail when any part of a pipe fails; else the system's shell. `path`: the step's `PATH`; `cwd`: where it runs, which relative paths
 * begin at.
 */
export async function findShell(
  named: string | undefined,
  { path, cwd }: { readonly path: string; readonly cwd: string },
): Promise<Shell | string> {
  if (named === undefined) {
    for (const command of ['/bin/bash', '/usr/bin/bash']) if (await isProgram(command)) return { command, args: BASH };
    return { command: '/bin/sh', args: ['-ec'] };
  }
  const [command = '', ...args] = named.trim().split(/\s+/);
  const known = args.length > 0 ? args : argumentsOf(command);
  if (!known) return unknownShell(named);
  const places = command.includes('/') ? [command] : path.split(':').map((folder) => join(folder, command));
  const found = await Promise.all(places.map((place) => isProgram(resolve(cwd, place))));
  if (!found.includes(true)) {
    const where = command.includes('/') ? 'no program has this path' : 'no folder of PATH has a program of this name';
    return `the shell "${command}" is not there: ${where}`;
  }
  return { command, args: known };
}

/** Returns in words that it can't be told how a program takes commands. */
export function unknownShell(named: string): string {
  return `how "${named}" takes commands is not known: write it with its arguments, shell: '${named} -c'`;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
