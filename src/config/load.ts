import { resolve } from 'node:path';
import { SecretFinder } from '../secrets/find-secrets.js';
import { rememberBeside, rememberConfigured } from '../secrets/known-secrets.js';
import { secretsIn } from '../secrets/mask.js';
import { bucketProblems } from './bucket-problems.js';
import type { Config } from './config.js';
import { ConfigError, unusable } from './config-error.js';
import { environmentSecrets } from './environment-secrets.js';
import { ignoreData } from './ignore-data.js';
import { type Project, readProject } from './project.js';
import { repositoryProblems } from './repository-problems.js';
import { resolveSecrets } from './resolve-secrets.js';

/** Where a configuration is read from, and whether its generated secrets are made where they are not there yet. */
export interface ConfigSource {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /**
   * Default: they are made. Commands that own no data folder only find them, and go without those that only who answers and who works
   * have a use for: the callback key, the keys of ID tokens, and those of a bucket.
   */
  readonly secrets?: 'make' | 'find';
  /** Whether commands that print secrets are run now. Default: only where secrets are made; else when one is used. */
  readonly commands?: 'run';
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
 * Reads the configuration once: the file of the project (see {@link readProject}), the environment over it, then the
 * secrets. Relative paths count from the project's folder. Throws {@link ConfigError}.
 */
export async function loadConfig(from: ConfigSource): Promise<Config> {
  return withSecrets(await readProject(from), from);
}

/** Returns the configuration of a project, with its secrets. Throws {@link ConfigError}. */
export function withSecrets(project: Project, from: Omit<ConfigSource, 'cwd'>): Config {
  const { config, problems, what } = readSecrets(project, from);
  if (problems.length === 0) return config;
  throw unusable(what, problems);
}

/** Reads the configuration as {@link loadConfig} does, and returns what is wrong with it. Throws {@link ConfigError} for a file that can't be loaded. */
export async function readConfig(from: ConfigSource): Promise<ConfigReading> {
  try {
    return readSecrets(await readProject(from), from);
  } catch (error) {
    if (error instanceof ConfigError && error.reading) return error.reading;
    throw error;
  }
}

function readSecrets(
  project: Project,
  { env, secrets: how = 'make', commands }: Omit<ConfigSource, 'cwd'>,
): ConfigReading & { readonly config: Config } {
  const { file, base, here, data, automations, settings, environment } = project;
  const make = how === 'make';
  const secrets = new SecretFinder({ env, folder: resolve(data, 'secrets'), make, run: make || commands === 'run' });
  const resolved = resolveSecrets(settings, secrets) as unknown as Config;
  if (make) ignoreData(data);
  const config: Config = {
    ...resolved,
    file,
    data,
    sources: withDataFolder(resolved.sources, data),
    automations,
    jobs: {
      ...resolved.jobs,
      ...(resolved.jobs.workspaces && { workspaces: resolve(base, resolved.jobs.workspaces) }),
    },
    ...(resolved.activities && { activities: resolve(here, resolved.activities) }),
    generatedSecrets: [...secrets.generated.values()],
    secretFiles: [...secrets.files],
    warnings: secrets.warnings,
    ...(environment.DATABASE_URL && { database: environment.DATABASE_URL }),
    logLevel: environment.HOOKYARD_LOG_LEVEL ?? 'info',
  };
  const { credentials, others } = environmentSecrets(env);
  // What may be a name as well is hidden where people read alone: what an activity gives back, programs go on with.
  rememberConfigured([...secretsIn(config).flatMap((secret) => secret.revealKnown()), ...others]);
  rememberBeside(credentials);
  const isNeeded = (problem: string) => {
    const option = /^(?:server\.(?:callbackKey|idTokens\.keys\[\d+\])|storage\.s3\.\w+)(?=:)/.exec(problem)?.[0];
    const isAsked = commands === 'run' && option?.startsWith('storage.');
    return make || option === undefined || isAsked || secrets.refused.has(option);
  };
  const problems = [
    ...secrets.problems,
    ...unset(config, secrets.problems),
    ...bucketProblems(settings, config, secrets.problems),
    ...repositoryProblems(config.sources),
  ].filter(isNeeded);
  return { config, problems, what: file };
}

/** Returns what is needed and neither set nor a problem already. */
function unset({ server, sources }: Config, known: readonly string[]): string[] {
  const isKnown = (option: string) => known.some((problem) => problem.startsWith(option));
  return [
    ...(['apiToken', 'callbackKey'] as const)
      .filter((name) => !server[name] && !isKnown(`server.${name}:`))
      .map((name) => `server.${name}: it can't be left unset`),
    ...(server.idTokens?.keys.length === 0 && !isKnown('server.idTokens.keys[')
      ? ['server.idTokens.keys: none of them is set, so no token could be signed']
      : []),
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
