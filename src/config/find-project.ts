import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { packageRoot } from '../paths.js';
import { ConfigError } from './config-error.js';

const FILE_NAME = 'hookyard.config.ts';
const AUTOMATIONS = 'automations';

/** Where a project's configuration lies. */
export interface ProjectPlace {
  /** The configuration file: the project's own, or the package's where it has none. */
  readonly file: string;
  /** The folder that relative paths count from. */
  readonly base: string;
}

/**
 * Finds the project that a command is called in: the file that `configured` names; else the nearest folder, from `cwd`
 * upwards, that has a `hookyard.config.ts` or a folder `automations` with modules in it. Without either, the package's own
 * configuration is taken only where `data` says where the data folder is: in a wrong folder nothing must come to be.
 * Throws {@link ConfigError}.
 */
export function findProject({
  cwd,
  configured,
  data,
}: {
  readonly cwd: string;
  readonly configured: string | undefined;
  readonly data: string | undefined;
}): ProjectPlace {
  const packaged = join(packageRoot, FILE_NAME);
  if (configured !== undefined) {
    const file = resolve(cwd, configured);
    if (!isFile(file)) throw new ConfigError(`HOOKYARD_CONFIG names ${file}, and there is no such file`);
    return { file, base: dirname(file) === resolve(packageRoot) ? cwd : dirname(file) };
  }
  for (const folder of upwards(cwd)) {
    const file = join(folder, FILE_NAME);
    const automations = join(folder, AUTOMATIONS);
    const found = isFile(file) ? file : hasModules(automations) ? automations : undefined;
    if (found === undefined) continue;
    if (folder !== cwd) refuseStrangers(found);
    return { file: found === file ? file : packaged, base: folder };
  }
  if (data !== undefined) return { file: packaged, base: cwd };
  throw new ConfigError(
    `There is no Hookyard project here: neither ${cwd} nor a folder above it has a ${FILE_NAME} or a folder ${AUTOMATIONS}. ` +
      'Go to the project, or name its configuration in HOOKYARD_CONFIG. ' +
      'Commands that ask a server elsewhere take --url, and its API token in HOOKYARD_API_TOKEN',
  );
}

function* upwards(from: string): Generator<string> {
  for (let folder = resolve(from), above = dirname(folder); ; folder = above, above = dirname(folder)) {
    yield folder;
    if (above === folder) return;
  }
}

/** What is found is code that runs: a folder that others may write to, `/tmp` for example, can lie above any other. */
function refuseStrangers(path: string): void {
  const me = process.getuid?.();
  const owner = statSync(path).uid;
  if (me === undefined || owner === me || owner === 0) return;
  throw new ConfigError(
    `${path} lies above this folder, and belongs to another user (${owner}): call hookyard in its own folder, or name it in HOOKYARD_CONFIG`,
  );
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function hasModules(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.endsWith('.ts'));
  } catch {
    return false;
  }
}
