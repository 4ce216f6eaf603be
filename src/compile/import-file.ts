import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BundleOptions, bundle } from './bundle.js';

/**
 * Compiles a person's module, runs it in this process and returns its exports. Throws {@link ModuleError} when it can't be
 * compiled, and whatever the module itself throws while it is loaded.
 */
export async function importFile(options: BundleOptions): Promise<Record<string, unknown>> {
  return importCode(await bundle(options));
}

/** Runs the code of an ES module in this process and returns its exports. Throws whatever it throws. */
export async function importCode(code: string): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-module-')).catch(() => undefined);
  try {
    return (await import(await addressOf(code, folder))) as Record<string, unknown>;
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Returns where code can be imported from: a file in the folder, so that stack traces are short and relative. Where nothing
 * can be written, since the disk is full or read-only, the code itself is the address.
 */
async function addressOf(code: string, folder: string | undefined): Promise<string> {
  const inItself = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  if (folder === undefined) return inItself;
  const path = join(folder, 'module.mjs');
  return writeFile(path, code, { mode: 0o600 }).then(
    () => pathToFileURL(path).href,
    () => inItself,
  );
}
