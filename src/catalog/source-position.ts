import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { ModuleReport } from './module-report.js';

/** Returns `file:line:column` of a name that a module's code holds, else `file:line` of an export. */
export async function placeOf(
  { file, names }: Pick<ModuleReport, 'file' | 'names'>,
  { what, name, exported }: { what: readonly string[]; name: string; exported: string },
): Promise<string> {
  const found = names.find((used) => used.name === name && what.includes(used.what));
  return found?.place || exportOf(file, exported);
}

/** Returns `file:line` of an export, or the file alone where no line shows it. */
export async function exportOf(file: string, name: string): Promise<string> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const line = lines.findIndex((text) => new RegExp(`\\bexport\\b.*\\b${name}\\b`).test(text));
  return `${relative(process.cwd(), file)}${line >= 0 ? `:${line + 1}` : ''}`;
}
