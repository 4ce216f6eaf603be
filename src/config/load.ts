import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import { ModuleError } from '../compile/bundle.js';
import { importFile } from '../compile/import-file.js';
import { built, packageRoot } from '../paths.js';
import { SecretFinder } from '../secrets/find-secrets.js';
import { type SecretReference, secretReference } from '../secrets/reference.js';
import type { Config } from './config.js';
import { environmentSchema, overlay } from './environment.js';
import { ignoreData } from './ignore-data.js';
import { configSchema } from './schema.js';

const FILE_NAME = 'hookyard.config.ts';
const SHORTEST_SECRET = 8;

/** Says that the configuration can't be used. The message lists everything that is wrong, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the configuration once: the file (`HOOKYARD_CONFIG`, else `hookyard.config.ts` in the working folder, else the
 * package's own), the environment over it, then the secrets. Relative paths count from the file's folder. Throws
 * {@link ConfigError}.
 */
export async function loadConfig({ env, cwd }: { env: NodeJS.ProcessEnv; cwd: string }): Promise<Config> {
  const environment = environmentSchema.safeParse(withoutEmpty(env));
  if (!environment.success) throw new ConfigError(inWords('the environment', environment.error));
  const file = findFile(environment.data.HOOKYARD_CONFIG, cwd);
  const parsed = configSchema.safeParse(overlay(await readConfigFile(file), environment.data));
  if (!parsed.success) throw new ConfigError(inWords(file, parsed.error));

  const here = dirname(file);
  const base = here === resolve(packageRoot) ? cwd : here;
  const data = resolve(base, parsed.data.data);
  const secrets = new SecretFinder({ env, folder: join(data, 'secrets') });
  const resolved = resolveSecrets(parsed.data, secrets) as unknown as Config;
  ignoreData(data);
  const unusable = Object.entries(resolved.sources).filter(([, source]) => source.secrets.length === 0);
  const short = Object.entries(resolved.sources).flatMap(([name, source]) =>
    source.secrets.filter((secret) => secret.reveal().length < SHORTEST_SECRET).map(() => name),
  );
  const unset = (['apiToken', 'callbackKey'] as const).filter((name) => !resolved.server[name]);
  const problems = [
    ...secrets.problems,
    ...unset.map((name) => `server.${name}: it can't be left unset`),
    ...short.map(
      (name) => `sources.${name}.secrets: one is shorter than ${SHORTEST_SECRET} characters, and could be guessed`,
    ),
    ...unusable.map(([name]) => `sources.${name}.secrets: none of them is set, so nothing could be verified`),
  ];
  if (problems.length > 0) throw new ConfigError(`${file} can't be used:\n${problems.map((p) => `  ${p}`).join('\n')}`);
  return {
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
    ...(environment.data.DATABASE_URL && { database: environment.data.DATABASE_URL }),
    logLevel: environment.data.HOOKYARD_LOG_LEVEL ?? 'info',
  };
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

/** Replaces each reference in a tree by its secret, and leaves out of lists what is optional and unset. */
function resolveSecrets(value: unknown, secrets: SecretFinder, path = ''): unknown {
  const reference = isReference(value) ? secretReference.parse(value) : undefined;
  if (reference) return secrets.find(reference, path);
  if (Array.isArray(value)) {
    return value.map((item, i) => resolveSecrets(item, secrets, `${path}[${i}]`)).filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolveSecrets(item, secrets, path ? `${path}.${key}` : key)]),
  );
}

/** Returns whether a value that the schema has accepted is a reference: nothing else has one of these keys. */
function isReference(value: unknown): value is SecretReference {
  if (typeof value !== 'object' || value === null) return false;
  return ['env', 'file', 'generated'].some((key) => key in value) && secretReference.safeParse(value).success;
}

/** Drops variables with an empty value: they count as unset, as in a compose file. */
function withoutEmpty(env: NodeJS.ProcessEnv): object {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

function inWords(what: string, error: z.ZodError): string {
  const lines = error.issues.map((issue) => `  ${issue.path.join('.') || '(top level)'}: ${issue.message}`);
  return `${what} can't be used:\n${lines.join('\n')}`;
}
