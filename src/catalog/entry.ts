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
  // Authors' exports stand beside these: no name of theirs may be one of ours.
  const lines = [
    `import { failing as hookyard$failing } from ${JSON.stringify(built('workflows/run/failure.js'))};`,
    `import * as hookyard$registry from ${JSON.stringify(built('workflows/run/registry.js'))};`,
    `hookyard$registry.registerAutomations(${JSON.stringify(catalog.automations.map(({ file, ...known }) => known))});`,
  ];
  for (const [i, { file, automations, functions }] of catalog.modules.entries()) {
    const from = JSON.stringify(file);
    const module = `hookyard$module${i}`;
    lines.push(`import * as ${module} from ${from};`);
    if (automations.length > 0) {
      const named = automations.map((name) => `${name}: ${module}.${name}`);
      lines.push(`export { ${automations.join(', ')} } from ${from};`);
      lines.push(`hookyard$registry.nameFunctions({ ${named.join(', ')} });`);
    }
    lines.push(...functions.map((name) => `export const ${name} = hookyard$failing(${module}.${name});`));
  }
  return `${lines.join('\n')}\n`;
}
