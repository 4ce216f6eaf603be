import { totalmem } from 'node:os';
import type { Config } from '../../../../config/config.js';

const MB = 1024 * 1024;

/**
 * Returns the command line that bounds what a program and all that it starts may take: `prlimit`, within the sandbox. Linux counts the
 * processes of a user in each sandbox for itself, but not those of root (`RLIMIT_NPROC`, `getrlimit(2)`), and memory for each process (`RLIMIT_DATA`).
 */
export function limitsOf({ jobs: { sandbox } }: { readonly jobs: Pick<Config['jobs'], 'sandbox'> }): readonly string[] {
  const bytes = (sandbox.processMegabytes ?? Math.max(256, Math.floor(totalmem() / MB / 2))) * MB;
  const both = (value: number) => `${value}:${value}`;
  return ['prlimit', '--core=0:0', `--nproc=${both(sandbox.processes)}`, `--data=${both(bytes)}`, '--'];
}
