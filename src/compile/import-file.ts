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
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-module-'));
  try {
    const path = join(folder, 'module.mjs');
    await writeFile(path, code, { mode: 0o600 });
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
