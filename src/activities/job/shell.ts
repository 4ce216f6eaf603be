import { access, constants } from 'node:fs/promises';

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

/**
 * Returns what runs a step's commands. Where the step does not say, Bash if there is one, set to fail when any part of a pipe
 * fails; else the system's shell. Undefined for one word that is none of the known programs: how it takes commands is not known.
 */
export async function findShell(named?: string): Promise<Shell | undefined> {
  if (named !== undefined) {
    const [command = '', ...args] = named.trim().split(/\s+/);
    if (args.length > 0) return { command, args };
    return Object.hasOwn(KNOWN, command) ? { command, args: KNOWN[command] ?? [] } : undefined;
  }
  for (const command of ['/bin/bash', '/usr/bin/bash']) {
    const found = await access(command, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return { command, args: BASH };
  }
  return { command: '/bin/sh', args: ['-ec'] };
}
