import { basename } from 'node:path';

/** How shells begin with nobody's own settings, and take commands from a terminal or from standard input. */
const SHELLS: Readonly<Record<string, readonly string[]>> = {
  bash: ['--noprofile', '--norc'],
  sh: [],
  dash: [],
  zsh: ['-f'],
  pwsh: ['-NoProfile'],
};

/** Returns whether what runs a step's commands is a shell that people type into. `named`: the step's `shell`. */
export function isInteractive(named: string | undefined): boolean {
  return named === undefined || Object.hasOwn(SHELLS, nameOf(named));
}

/** Returns the arguments with which a shell is opened. `command`: its name or path. */
export function argumentsOf(command: string): readonly string[] {
  return SHELLS[nameOf(command)] ?? [];
}

function nameOf(shell: string): string {
  return basename(shell.trim().split(/\s+/)[0] ?? '');
}
