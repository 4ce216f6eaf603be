import { argumentsOf, type FindShell, unknownShell } from '../../shell.js';

/** As on the host: Bash if the image has one, set to fail when any part of a pipe fails; else its shell. */
const BASH_OR_SH =
  'command -v bash > /dev/null && exec bash --noprofile --norc -eo pipefail -c "$1"; exec /bin/sh -ec "$1"';

/** Returns what runs a step's commands in an image; in words, why that can't be told. Whether the image has it, the step finds out. */
export const findImageShell: FindShell = async (named) => {
  if (named === undefined) return { command: '/bin/sh', args: ['-c', BASH_OR_SH, 'sh'] };
  const [command = '', ...given] = named.trim().split(/\s+/);
  const args = given.length > 0 ? given : argumentsOf(command);
  return args ? { command, args } : unknownShell(named);
};
