import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { ModuleError } from '../compile/bundle.js';
import { importFile } from '../compile/import-file.js';
import { built, packageRoot } from '../paths.js';
import { SecretFinder } from '../secrets/find-secrets.js';
import { NeededSecret } from '../secrets/reference.js';
import type { Config } from './config.js';
import { environmentSchema, overlay } from './environment.js';
import { ignoreData } from './ignore-data.js';
import { configSchema } from './schema.js';

const FILE_NAME = 'hookyard.config.ts';

/** Says that the configuration can't be used. The message lists everything that is wrong, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What was found where the configuration is. */
export interface ConfigReading {
  /** What it says; where there are problems, without what they are about. Undefined if it could not be read at all. */
  readonly config?: Config;
  /** A line each: what is wrong, and what to do. A process starts only without any. */
  readonly problems: readonly string[];
  /** Path of the file, or `the environment`. */
  readonly what: string;
}

/**
 * Reads the configuration once: the file (`HOOKYARD_CONFIG`, else `hookyard.config.ts` in the working folder, else the
 * package's own), the environment over it, then the secrets. Relative paths count from the file's folder. Throws
 * {@link ConfigError}.
 */
export async function loadConfig(from: { env: NodeJS.ProcessEnv; cwd: string }): Promise<Config> {
  const { config, problems, what } = await readConfig(from);
  if (config && problems.length === 0) return config;
  throw new ConfigError(`${what} can't be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

/** Reads the configuration as {@link loadConfig} does, and returns what is wrong with it. Throws {@link ConfigError} for a file that can't be loaded. */
export async function readConfig({ env, cwd }: { env: NodeJS.ProcessEnv; cwd: string }): Promise<ConfigReading> {
  const environment = environmentSchema.safeParse(withoutEmpty(env));
  if (!environment.success) return { problems: inWords(environment.error), what: 'the environment' };
  const file = findFile(environment.data.HOOKYARD_CONFIG, cwd);
  const parsed = configSchema.safeParse(overlay(await readConfigFile(file), environment.data));
  if (!parsed.success) return { problems: inWords(parsed.error), what: file };

  const here = dirname(file);
  const base = here === resolve(packageRoot) ? cwd : here;
  const data = resolve(base, parsed.data.data);
  const secrets = new SecretFinder({ env, folder: join(data, 'secrets') });
  const resolved = resolveSecrets(parsed.data, secrets) as unknown as Config;
  ignoreData(data);
  const config: Config = {
    ...resolved,
    file,
    data,
    sources: withDataFolder(resolved.sources, data),
    automations: firstThatExists(resolve(base, resolved.automations), resolve(here, resolved.automations)),
    jobs: {
      ...resolved.jobs,
      ...(resolved.jobs.workspaces && { workspaces: resolve(base, resolved.jobs.workspaces) }),
    },
    ...(resolved.activities && { activities: resolve(here, resolved.activities) }),
    generatedSecrets: [...secrets.generated.values()],
    warnings: secrets.warnings,
    ...(environment.data.DATABASE_URL && { database: environment.data.DATABASE_URL }),
    logLevel: environment.data.HOOKYARD_LOG_LEVEL ?? 'info',
  };
  return { config, problems: [...secrets.problems, ...unset(config, secrets.problems)], what: file };
}

/** Returns what is needed and neither set nor a problem already. */
function unset({ server, sources }: Config, known: readonly string[]): string[] {
  const isKnown = (option: string) => known.some((problem) => problem.startsWith(option));
  return [
    ...(['apiToken', 'callbackKey'] as const)
      .filter((name) => !server[name] && !isKnown(`server.${name}:`))
      .map((name) => `server.${name}: it can't be left unset`),
    ...Object.entries(sources)
      .filter(([name, { secrets }]) => secrets.length === 0 && !isKnown(`sources.${name}.secrets[`))
      .map(([name]) => `sources.${name}.secrets: none of them is set, so nothing could be verified`),
  ];
}

/** Fills the path of the data folder in for `{data}` in clone URLs. */
function withDataFolder(sources: Config['sources'], data: string): Config['sources'] {
  const entries = Object.entries(sources).map(([name, source]) => {
    const url = 'clone' in source ? source.clone.url?.replaceAll('{data}', data) : undefined;
    return [name, url && 'clone' in source ? { ...source, clone: { ...source.clone, url } } : source] as const;
  });
  return Object.fromEntries(entries);
}

function findFile(configured: string | undefined, cwd: string): string {
  if (configured) {
    const path = resolve(cwd, configured);
    if (!existsSync(path)) throw new ConfigError(`HOOKYARD_CONFIG names ${path}, and there is no such file`);
    return path;
  }
  return firstThatExists(join(cwd, FILE_NAME), join(packageRoot, FILE_NAME));
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

/** Replaces each secret that a tree needs by the one that was found, and leaves out of lists what is optional and unset. */
function resolveSecrets(value: unknown, secrets: SecretFinder, path = ''): unknown {
  if (value instanceof NeededSecret) return secrets.find(value, path);
  if (Array.isArray(value)) {
    return value.map((item, i) => resolveSecrets(item, secrets, `${path}[${i}]`)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolveSecrets(item, secrets, path ? `${path}.${key}` : key)]),
  );
}

/** Drops variables with an empty value: they count as unset, as in a compose file. */
function withoutEmpty(env: NodeJS.ProcessEnv): object {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function inWords(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join('.') || '(top level)'}: ${issue.message}`);
}
