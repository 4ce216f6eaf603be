import type { Config } from '../../../config/config.js';
import { createLog } from '../../../log.js';
import type { HooksApi } from '../../../providers/api.js';
import { createProviders, type Providers } from '../../../providers/apis.js';
import { ProviderError } from '../../../providers/error.js';
import { PROVIDERS } from '../../../providers/index.js';
import { type GitSource, isGitSource } from '../../../providers/source.js';
import { included } from '../../../triggers/glob.js';
import { UserError } from '../../user-error.js';
import { knownSource } from '../known-source.js';
import type { Where } from './needed-kinds.js';

/** The providers, for a command: it says itself what matters, so nothing is logged. */
export function providersOf(config: Config): Providers {
  return createProviders({ config, log: createLog({ level: 'silent', pretty: false }) });
}

/**
 * The webhooks of a repository. Throws {@link UserError} where they can't be asked for, with what to set, and
 * {@link ProviderError} for what is no repository's name.
 */
export async function hooksOf(config: Config, where: Where): Promise<{ source: GitSource; hooks: HooksApi }> {
  const { source: name, repository } = where;
  const source = knownSource(config, name);
  const byHand = `put its address, /webhooks/${name}, and its secret into the settings there by hand`;
  if (!isGitSource(source)) throw new UserError(`Source "${name}" (${source.kind}) has no repositories: ${byHand}`);
  if (source.repositories && !included(repository, source.repositories))
    throw new UserError(`Source "${name}" may not speak for ${repository}: add it to sources.${name}.repositories`);
  const api = await providersOf(config).repository(name, repository);
  if (!api) throw new UserError(`Source "${name}" has no API credentials: ${setCredentials(name, source)}`);
  if (!api.hooks) throw new UserError(`Webhooks of ${source.kind} are not set from here: ${byHand}`);
  return { source, hooks: api.hooks };
}

/** Which option gives a source API credentials. */
export function setCredentials(name: string, source: GitSource): string {
  const option = `sources.${name}.api.${PROVIDERS[source.kind].facts.credentials.join(' or .')}`;
  const unset = source.api ? '; it names an environment variable that is not set' : '';
  return `set ${option}${unset}`;
}

/** Does what webhooks need rights for: a refusal then also says which. Throws {@link ProviderError}. */
export async function needing<T>(kind: GitSource['kind'], work: () => Promise<T>): Promise<T> {
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
