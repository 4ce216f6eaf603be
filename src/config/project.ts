import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { ModuleError } from '../compile/bundle.js';
import { importFile } from '../compile/import-file.js';
import { built } from '../paths.js';
import { ConfigError, unusable } from './config-error.js';
import { type Environment, environmentSchema, overlay } from './environment.js';
import { findProject } from './find-project.js';
import { inPlainWords, optionAt } from './plain-words.js';
import { type ConfigFile, configSchema } from './schema.js';
import { withSecretPlaces } from './secret-places.js';

/** A project's configuration as it is written: no secret is read, and nothing is made. */
export interface Project {
  /** Path of the configuration file. */
  readonly file: string;
  /** The folders that relative paths count from: that of the project, and that of the file. */
  readonly base: string;
  readonly here: string;
  /** Absolute path of the data folder, which may not be there. */
  readonly data: string;
  /** Absolute path of the folder of workflow modules. */
  readonly automations: string;
  /** The file with the environment laid over it. Secrets are references, and their paths absolute. */
  readonly settings: ConfigFile;
  readonly environment: Environment;
}

/** Reads the project that a command is called in: see {@link findProject}. Throws {@link ConfigError}. */
export async function readProject({ env, cwd }: { env: NodeJS.ProcessEnv; cwd: string }): Promise<Project> {
  const read = environmentSchema.safeParse(withoutEmpty(env), { error: inPlainWords });
  if (!read.success) throw unusable('the environment', inWords(read.error));
  const environment = read.data;
  const { file, base } = findProject({ cwd, configured: environment.HOOKYARD_CONFIG, data: environment.HOOKYARD_DATA });
  const parsed = configSchema.safeParse(overlay(await readConfigFile(file), environment), { error: inPlainWords });
  if (!parsed.success) throw unusable(file, inWords(parsed.error));
  const settings = withSecretPlaces(parsed.data, base) as ConfigFile;
  const here = dirname(file);
  return {
    file,
    base,
    here,
    data: resolve(base, settings.data),
    automations: firstThatExists(resolve(base, settings.automations), resolve(here, settings.automations)),
    settings,
    environment,
  };
}

function firstThatExists(wanted: string, otherwise: string): string {
  return existsSync(wanted) || !existsSync(otherwise) ? wanted : otherwise;
}

async function readConfigFile(file: string): Promise<unknown> {
  try {
    const module = await importFile({
      file,
      provided: { 'hookyard/config': built('config/index.js') },
      topLevelAwait: true,
    });
    if (module.default === undefined) throw new ConfigError(`${file} must export its configuration as the default`);
    return module.default;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const because = error instanceof ModuleError ? error.message : (error as Error).message;
    throw new ConfigError(`${file} can't be loaded:\n  ${because}`);
  }
}

/** Drops variables with an empty value: they count as unset, as in a compose file. */
function withoutEmpty(env: NodeJS.ProcessEnv): object {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function inWords(error: z.ZodError): string[] {
  return error.issues.map(({ path, message }) => `${optionAt(path)}: ${message}`);
}
