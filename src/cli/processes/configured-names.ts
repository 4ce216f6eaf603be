import type { Configured } from '../../catalog/compare-with-config.js';
import type { Config } from '../../config/config.js';
import type { GitFacts } from '../../providers/facts.js';
import { PROVIDERS } from '../../providers/index.js';
import { schemeOf } from '../../providers/known-sources.js';
import { isGitSource } from '../../providers/source.js';

/** Returns what receiving alone needs of what modules name: other processes may have the rest. */
export function configuredSources({ sources }: Pick<Config, 'sources'>): Configured {
  const known = Object.entries(sources).map(([name, source]) => {
    const events = source.enabled ? schemeOf(source).capabilities.events : [];
    const { tellsPermissions } = isGitSource(source) ? (PROVIDERS[source.kind].facts as GitFacts) : {};
    return [name, { events, ...(tellsPermissions === false && { tellsPermissions }) }] as const;
  });
  return { sources: Object.fromEntries(known), named: {} };
}

/** Returns what the configuration holds of what modules can name. */
export function configuredNames(config: Config): Configured {
  const { channels, endpoints, builds, jobs, mirrors, secrets, server } = config;
  return {
    ...configuredSources(config),
    named: {
      'channels.slack': unsetIn(channels.slack, ({ url }) => (url ? undefined : '.url')),
      'channels.email': unsetIn(channels.email, ({ server }) => (server ? undefined : '.server')),
      'channels.sms': unsetIn(channels.sms, ({ authToken }) => (authToken ? undefined : '.authToken')),
      endpoints: unsetIn(endpoints, ({ secrets }) => (secrets.length > 0 ? undefined : '.secrets')),
      builds: unsetIn(builds, (build) =>
        build.kind === 'http' || build.kind === 'github-actions' || build.token ? undefined : '.token',
      ),
      mirrors: unsetIn(mirrors, () => undefined),
      'jobs.container.registries': unsetIn(jobs.container.registries, ({ password }) =>
        password ? undefined : '.password',
      ),
      server: server.idTokens ? { idTokens: undefined } : {},
      secrets: unsetIn(secrets, (secret) => (isThere(secret) ? undefined : '')),
    },
    kindsOfBuilds: Object.fromEntries(Object.entries(builds).map(([name, { kind }]) => [name, kind])),
    secretsOf: Object.fromEntries(
      Object.entries(secrets).flatMap(([name, secret]) =>
        secret && 'automations' in secret ? [[name, secret.automations]] : [],
      ),
    ),
  };
}

function isThere(secret: Config['secrets'][string]): boolean {
  return (secret && 'from' in secret ? secret.from : secret) !== undefined;
}

function unsetIn<T>(
  entries: Readonly<Record<string, T>> = {},
  unset: (entry: T) => string | undefined,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, unset(entry)]));
}
