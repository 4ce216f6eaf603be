import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataFolder } from './ignore-data.js';

/** Name of the file in a data folder that tells by which address others reach its server. */
const FILE = 'reached-as';
/** In characters. */
const MAX_ADDRESS = 500;

/** Returns whether an address leads to another machine than the one that uses it. */
export function leadsElsewhere(url: string): boolean {
  return !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

/**
 * Writes down that others reach the server of a data folder by an address, where the configuration does not say it: whoever runs
 * programs on this machine is no operator of its page any more. Returns why that can't be written, undefined once it is.
 */
export function noteReachedAs(data: string, url: string): string | undefined {
  if (!leadsElsewhere(url)) return undefined;
  try {
    makeDataFolder(data);
    writeFileSync(join(data, FILE), `${new URL(url).origin}\n`, { mode: 0o600 });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Writes down what {@link readReachedAs} has returned of another data folder, as it is, unless there is an address already. */
export function keepReachedAs(data: string, address: string): void {
  if (readReachedAs(data) === undefined) writeFileSync(join(data, FILE), `${address}\n`, { mode: 0o600 });
}

/** Returns the address that was written down last; undefined where none was. */
export function readReachedAs(data: string): string | undefined {
  try {
    return readFileSync(join(data, FILE), 'utf8').trim().slice(0, MAX_ADDRESS);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // That it is there is what counts.
    return 'an address that can not be read';
  }
}
