import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The installed package's folder, whether this module runs from `src/` or from `dist/`: both are one level deep. */
export const packageRoot = fileURLToPath(new URL('..', import.meta.url));

/**
 * Returns the path of a compiled module of `src/`: threads, child processes and the workflow bundle need JavaScript.
 */
export function built(module: string): string {
  return join(packageRoot, 'dist', module);
}

/** Returns the version of the installed package. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** Returns the user's home folder; undefined where nothing tells of one, as in a container that runs as a user without a name. */
export function homeFolder(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}
