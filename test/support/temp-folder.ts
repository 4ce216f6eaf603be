import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes an empty folder that no other test has, and returns its path. All are removed when the run of tests ends. */
export function tempFolder(what: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `hookyard-${what}-`));
}
