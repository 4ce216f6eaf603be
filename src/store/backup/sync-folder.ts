import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes what was renamed in a folder outlast a power cut. Where the system knows no such thing, does nothing. */
export function syncFolder(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Windows opens no folders.
  }
}
