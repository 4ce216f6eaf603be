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
  const code = await bundle(options);
  const folder = await mkdtemp(join(tmpdir(), 'hookyard-module-'));
  try {
    const path = join(folder, 'module.mjs');
    await writeFile(path, code, { mode: 0o600 });
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
