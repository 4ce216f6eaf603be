import { execa } from 'execa';
import { built } from '../paths.js';
import type { Automation } from '../triggers/automation.js';
import { unknownArtifacts } from './artifact-names.js';
import { type Configured, compare, unknownAutomations } from './compare-with-config.js';
import { crossCheck } from './cross-check.js';
import { discover } from './discover.js';
import { doubleBuilds } from './double-builds.js';
import type { ModuleReport } from './module-report.js';
import { exportOf } from './source-position.js';

/** Everything that a folder of workflow modules defines: the receiver uses the triggers, the worker bundles the modules. */
export interface Catalog {
  readonly folder: string;
  readonly automations: readonly Automation[];
  /** Each module with the names that the workflow bundle exports from it. */
  readonly modules: readonly {
    readonly file: string;
    readonly automations: readonly string[];
    readonly functions: readonly string[];
  }[];
  /** What a person should know of although it can be loaded, a line each, with file and line. */
  readonly warnings: readonly string[];
}

/** Thrown when modules can't be used. The message has a line for each problem, with file and line. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
  /** `warnings`: what a person should know of beside. */
  constructor(
    readonly problems: readonly string[],
    readonly warnings: readonly string[] = [],
  ) {
    super(`The automations can't be loaded:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** Returns the names of the automations that people wrote. */
export function ownNames({ automations }: Catalog): string[] {
  return automations.filter(({ builtIn }) => !builtIn).map(({ name }) => name);
}

/** The automations and workflows that come with Hookyard. */
const BUILT_IN = ['closed', 'commands', 'merge-groups', 'reconcile', 'resend'].map((name) =>
  built(`workflows/built-in/${name}.js`),
);

/** A module that takes longer to load has an endless loop in it. */
const LOAD_DEADLINE_MS = 30_000;

/**
 * Reads the modules of a folder, and compares them with what is configured. Throws {@link CatalogError} with all problems of
 * all of them.
 */
export async function loadCatalog(folder: string, configured?: Configured): Promise<Catalog> {
  const reports = await readModules([...(await discover(folder)), ...BUILT_IN]);
  const authored = reports.filter(({ file }) => !BUILT_IN.includes(file));
  const compared = await Promise.all(authored.map((report) => compare(report, configured)));
  // What modules share is in the code of each.
  const problems = unique([
    ...reports.flatMap((report) => report.problems),
    ...(await duplicates(reports)),
    ...(await crossCheck(authored)),
    ...compared.flatMap((remarks) => remarks.problems),
  ]);
  // Of patterns that were refused nothing more is said, and matching by them may throw.
  const sound = authored.filter((report) => report.problems.length === 0);
  const told = unique([
    ...compared.flatMap((remarks) => remarks.warnings),
    ...(await Promise.all(sound.map(doubleBuilds))).flat(),
    ...unknownAutomations(authored, configured),
    ...unknownArtifacts(authored),
  ]);
  // Each branch that is deleted would start it.
  const asksForBranches = authored.some(({ automations }) => automations.some(({ cancelOnClose }) => cancelOnClose));
  const isNeeded = ({ on }: Pick<Automation, 'on'>) =>
    asksForBranches || on.some(({ kind }) => kind !== 'branch_deleted');
  const warnings = told.sort(byPlace);
  if (problems.length > 0) throw new CatalogError(problems, warnings);
  return {
    folder,
    automations: reports.flatMap(({ file, automations }) =>
      automations.filter(isNeeded).map((automation) => ({
        ...automation,
        file,
        ...(BUILT_IN.includes(file) && { builtIn: true as const }),
      })),
    ),
    modules: reports
      .map(({ file, automations, functions }) => ({
        file,
        automations: automations.map(({ name }) => name),
        functions,
      }))
      .filter(({ automations, functions }) => automations.length + functions.length > 0),
    warnings,
  };
}

async function readModules(files: readonly string[]): Promise<ModuleReport[]> {
  if (files.length === 0) return [];
  const child = await execa(process.execPath, [built('catalog/read-module.js'), ...files], {
    env: { PATH: process.env.PATH },
    extendEnv: false,
    stdin: 'ignore',
    timeout: LOAD_DEADLINE_MS,
    forceKillAfterDelay: 1_000,
    reject: false,
    maxBuffer: 16 * 1024 * 1024,
  });
  if (child.timedOut)
    throw new CatalogError([
      `loading did not end within ${LOAD_DEADLINE_MS / 1000} s: is there an endless loop at the top of a module?`,
    ]);
  const reports = child.stdout.trim().split('\n').at(-1) ?? '';
  if (child.exitCode !== 0 || !reports.startsWith('['))
    throw new CatalogError([`loading ended early: ${child.stderr.slice(-2_000) || child.shortMessage}`]);
  return JSON.parse(reports) as ModuleReport[];
}

/** Returns the names that two modules export: which of the two workflows ran under such a name would be chance. */
async function duplicates(reports: readonly ModuleReport[]): Promise<string[]> {
  const owners = new Map<string, string>();
  const problems: string[] = [];
  for (const { file, automations, functions } of reports) {
    for (const name of [...automations.map((a) => a.name), ...functions]) {
      const owner = owners.get(name);
      if (owner)
        problems.push(
          `${await exportOf(file, name)}: "${name}" is also exported by ${await exportOf(owner, name)}; names are unique over all modules`,
        );
      else owners.set(name, file);
    }
  }
  return problems;
}

function unique(lines: readonly string[]): string[] {
  return [...new Set(lines)];
}

/** Lines as numbers: 4 before 10. */
function byPlace(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
