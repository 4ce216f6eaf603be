import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { built } from '../paths.js';
import type { Catalog } from './load.js';

/**
 * Writes the one module that Temporal's bundler starts from, and returns its path. Every export is named: with
 * `export *`, two modules that export the same name would bundle without an error and hang when run.
 */
export async function writeEntry(catalog: Catalog, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'entry.js');
  await writeFile(path, entryCode(catalog));
  return path;
}

function entryCode(catalog: Catalog): string {
  const lines = [
    `import { failing } from ${JSON.stringify(built('workflows/run/failure.js'))};`,
    `import { registerAutomations } from ${JSON.stringify(built('workflows/run/registry.js'))};`,
    `registerAutomations(${JSON.stringify(catalog.automations.map(({ file, ...known }) => known))});`,
  ];
  for (const [i, { file, automations, functions }] of catalog.modules.entries()) {
    const from = JSON.stringify(file);
    if (automations.length > 0) lines.push(`export { ${automations.join(', ')} } from ${from};`);
    if (functions.length === 0) continue;
    lines.push(`import * as module${i} from ${from};`);
    lines.push(...functions.map((name) => `export const ${name} = failing(module${i}.${name});`));
  }
  return `${lines.join('\n')}\n`;
}
