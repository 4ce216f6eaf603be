/**
 * Runs as a child process with an empty environment: `node read-module.js <file>…`. So modules see no secrets while they
 * are loaded, an endless loop in one can be ended, and an edited one is read anew. Prints the reports as one line of JSON.
 */
import { extname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, ModuleError } from '../compile/bundle.js';
import { importCode } from '../compile/import-file.js';
import { packageRoot } from '../paths.js';
import { AUTOMATION, type Automation } from '../triggers/automation.js';
import { hearRefused } from '../triggers/options.js';
import { importRule } from './import-rule.js';
import type { ModuleReport } from './module-report.js';
import { provided } from './provided.js';
import { usedNames } from './used-names.js';

const KIT = pathToFileURL(provided()['hookyard/workflow'] ?? '').href;

let turn: Promise<unknown> = Promise.resolve();

const files = process.argv.slice(2);
// Hookyard's own modules are compiled already.
const isOwn = (file: string) => extname(file) === '.js';
const loaded = load(files.filter(isOwn));
const reports = await Promise.all(files.map((file) => (isOwn(file) ? readOwn(file) : read(file))));
process.stdout.write(`${JSON.stringify(reports)}\n`);

/**
 * Loads what the authors' modules import of Hookyard before source maps are on: Node reads the map of each file that is loaded
 * from then on, and only the authors' own are asked where an error is.
 */
async function load(own: readonly string[]): Promise<void> {
  for (const path of [...own, ...Object.values(provided())]) await import(pathToFileURL(path).href);
  process.setSourceMapsEnabled(true);
}

async function readOwn(file: string): Promise<ModuleReport> {
  await loaded;
  return { file, ...reportOn(await import(pathToFileURL(file).href)), names: [] };
}

async function read(file: string): Promise<ModuleReport> {
  const refused: unknown[] = [];
  const run = (code: string) =>
    hearRefused(
      (error) => refused.push(error),
      () => importCode(code),
    );
  try {
    const code = await bundle({ file, provided: provided(), refuse: importRule, topLevelAwait: false });
    await loaded;
    const report = reportOn(await inTurn(() => run(code)));
    return {
      file,
      ...report,
      names: usedNames(code, KIT),
      problems: [
        ...refused.flatMap((error) => inWords(file, error)),
        ...report.problems.map((problem) => `${relative(process.cwd(), file)}: ${problem}`),
      ],
    };
  } catch (error) {
    const problems = [...refused, error].flatMap((each) => inWords(file, each));
    return { file, automations: [], functions: [], names: [], unread: true, problems };
  }
}

/** Runs one module after the other, so that it is known of which one a trigger is that is refused. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}

function reportOn(module: Record<string, unknown>): Omit<ModuleReport, 'file' | 'names'> {
  const report: Omit<ModuleReport, 'file' | 'names'> = { automations: [], functions: [], problems: [] };
  for (const [name, value] of Object.entries(module)) {
    if (typeof value !== 'function') continue;
    if (name === 'default') {
      report.problems.push('the default export has no name, and a workflow is known by its name: export it under one');
      continue;
    }
    const definition = (value as { [AUTOMATION]?: Omit<Automation, 'name' | 'builtIn' | 'file'> })[AUTOMATION];
    if (definition) report.automations.push({ name, ...definition });
    else report.functions.push(name);
  }
  return report;
}

/** Returns the problem with its place in the author's code: stack frames of Hookyard and of packages help nobody. */
function inWords(file: string, error: unknown): string[] {
  if (error instanceof ModuleError) return [...error.problems];
  const { message = String(error), stack = '' } = error as Error;
  const frames = [...stack.matchAll(/(\/[^()\s:]*\.ts):(\d+):(\d+)/g)];
  const theirs = frames.find(
    ([, path = '']) => !path.includes('/node_modules/') && !path.startsWith(join(packageRoot, 'src')),
  );
  const place = theirs
    ? `${relative(process.cwd(), theirs[1] ?? '')}:${theirs[2]}:${theirs[3]}`
    : relative(process.cwd(), file);
  return [`${place}: ${message}`];
}
