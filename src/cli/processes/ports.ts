import getPort, { portNumbers } from 'get-port';
import { UserError } from '../user-error.js';

const MAX_PORT = 65_535;

/** Returns the port, or the next free one of the 100 after it. 0 stays 0: the system chooses when it listens. */
export async function freePort(wanted: number, host: string): Promise<number> {
  if (wanted === 0) return 0;
  return getPort({ port: portNumbers(wanted, Math.min(wanted + 100, MAX_PORT)), host });
}

/** Returns any port that is free now. */
export async function anyFreePort(host: string): Promise<number> {
  return getPort({ host });
}

/** Turns the error of a port that is taken into a {@link UserError} that names the variable to set; others stay as they are. */
export function listenError(
  error: NodeJS.ErrnoException,
  { host, port, use, variable }: { host: string; port: number; use: string; variable: string },
): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new UserError(`Port ${port} of ${host}, for ${use}, is taken: set ${variable} to another`);
}
