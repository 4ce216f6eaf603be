import type { Config } from '../../../config/config.js';
import { maySpeakFor } from '../../../intake/bound-source.js';
import { createLog } from '../../../log.js';
import { createProviders, type Providers } from '../../../providers/apis.js';
import { ProviderError } from '../../../providers/error.js';
import type { HooksApi } from '../../../providers/hooks-api.js';
import { PROVIDERS } from '../../../providers/index.js';
import { type GitSource, isGitSource } from '../../../providers/source.js';
import { UserError } from '../../user-error.js';
import { configuredSource } from '../configured-source.js';
import type { SourceRepository } from './needed-kinds.js';

/** Creates the providers for a command. Nothing is logged: the command prints what matters. */
export function providersOf(config: Config): Providers {
  return createProviders({ config, log: createLog({ level: 'silent', pretty: false }) });
}

/**
 * Returns the API of a repository's webhooks. Throws {@link UserError}, with what to set, where there is none, and
 * {@link ProviderError} for a name that is not a repository's.
 */
export async function hooksOf(
  config: Config,
  where: SourceRepository,
): Promise<{ source: GitSource; hooks: HooksApi }> {
  const { source: name, repository } = where;
  const source = configuredSource(config, name);
  const byHand = `put its address, /webhooks/${name}, and its secret into the settings there by hand`;
  if (!isGitSource(source)) throw new UserError(`Source "${name}" (${source.kind}) has no repositories: ${byHand}`);
  if (!maySpeakFor(source, repository))
    throw new UserError(`Source "${name}" may not speak for ${repository}: add it to sources.${name}.repositories`);
  const api = await providersOf(config).repository(name, repository);
  if (!api) throw new UserError(`Source "${name}" has no API credentials: ${setCredentials(name, source)}`);
  if (!api.hooks) throw new UserError(`Webhooks of ${source.kind} can't be set by hookyard connect: ${byHand}`);
  return { source, hooks: api.hooks };
}

/** Says which option gives a source API credentials. */
export function setCredentials(name: string, source: GitSource): string {
  const option = `sources.${name}.api.${PROVIDERS[source.kind].facts.credentials.join(' or .')}`;
  const unset = source.api ? "; it names an environment variable that is not set, or what can't be used" : '';
  return `set ${option}${unset}`;
}

/** Does `work`, which needs rights on webhooks. Throws {@link ProviderError}, which says after a refusal which rights. */
export async function withHookRights<T>(kind: GitSource['kind'], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProviderError) || ![401, 403, 404].includes(error.status ?? 0)) throw error;
    const { message, status } = error;
    throw new ProviderError(error.kind, `${message}. Webhooks need ${PROVIDERS[kind].facts.hookRights}`, {
      ...(status !== undefined && { status }),
    });
  }
}
