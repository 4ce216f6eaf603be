import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config-error.js';
import { makeDataFolder } from './ignore-data.js';

/** Enough to find a full disk, and little enough not to be noticed. */
const PROBE_BYTES = 64 * 1024;

/**
 * Makes the data folder if it is not there, and writes to it, so that what can't work is told before
 * anything starts. Throws {@link ConfigError}, which says what to do.
 */
export function prepareDataFolder(data: string): void {
  try {
    makeDataFolder(data);
    probe(join(data, `.probe-${randomUUID()}`));
  } catch (error) {
    throw dataFolderError(data, error as NodeJS.ErrnoException);
  }
}

function probe(path: string): void {
  try {
    const handle = openSync(path, 'w', 0o600);
    try {
      writeSync(handle, Buffer.alloc(PROBE_BYTES));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } finally {
    rmSync(path, { force: true });
  }
}

/** Returns what a person has to do about an error of the system that the data folder met. */
export function dataFolderError(data: string, { code, message }: NodeJS.ErrnoException): ConfigError {
  const otherwise = 'or set HOOKYARD_DATA to another folder';
  switch (code) {
    case 'ENOTDIR':
    case 'EEXIST':
      return new ConfigError(`The data folder ${data} is a file, or lies below one: move that away, ${otherwise}`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new ConfigError(
        `The data folder ${data} can't be written to (${code}): give it to the user that Hookyard runs as, ${otherwise}`,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new ConfigError(
        `The disk that the data folder ${data} lies on is full (${code}): make room there, ${otherwise}`,
      );
    default:
      return new ConfigError(`The data folder ${data} can't be used (${code ?? message}): correct that, ${otherwise}`);
  }
}
