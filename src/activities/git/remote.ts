import { isAbsolute } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Providers } from '../../providers/apis.js';
import { PROVIDERS } from '../../providers/index.js';
import type { GitProvider } from '../../providers/provider.js';
import { type GitSource, isGitSource, tokensAreMadeOf } from '../../providers/source.js';
import { orUndefinedIf404 } from '../../providers/undefined-if-404.js';
import { holdsCredentials } from '../../secrets/address-credentials.js';
import type { Secret } from '../../secrets/secret.js';
import { notConfigured } from '../failures.js';
import { providerCall } from '../provider-call.js';
import { checkedRepository } from './names.js';

/** A repository that git speaks to. The URL holds no credentials. */
export interface GitRemote {
  /** The source whose repository it is; absent for the target of a mirror. */
  readonly source?: string;
  readonly url: string;
  /** Sent with the token. Undefined where the token goes by itself (`Bearer`). */
  readonly username: string | undefined;
  readonly token?: Secret;
  /** What the token was made of, where it lasts only an hour: its mirror goes by this. */
  readonly madeOf?: Secret;
}

/**
 * Returns the remote of a source's repository. Its URL comes from the configuration and never from a payload, which
 * could name any host. Throws `NotConfigured` or `Refused`.
 */
export function sourceRemote(
  config: Config,
  { source: name, repository }: { source: string; repository: string },
): GitRemote {
  const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined;
  if (!source) throw notConfigured(`there is no source "${name}": add sources.${name} to hookyard.config.ts`);
  if (!isGitSource(source)) throw notConfigured(`source "${name}" is not of a Git provider: there is nothing to clone`);
  const { path } = PROVIDERS[source.kind].facts.clone;
  const template = source.clone.url ?? `{url}/${path}`;
  const base = template.replaceAll('{url}', source.url.replace(/\/+$/, ''));
  const url = filledIn(base, checkedRepository(repository, source.kind));
  const token = source.clone.token ?? source.api?.token;
  const username = gitUser(source, token);
  return { source: name, url: checkedUrl(url, `sources.${name}.clone.url`), username, ...(token && { token }) };
}

function gitUser(source: GitSource, token: Secret | undefined): string | undefined {
  const provider: Pick<GitProvider<GitSource>, 'facts' | 'gitUser'> = PROVIDERS[source.kind];
  return token && provider.gitUser ? provider.gitUser(source, token) : provider.facts.clone.username;
}

/**
 * Returns the remote of a source's repository with a token that was made for it, where the source has credentials that
 * tokens are made of. Throws as {@link sourceRemote} does, or a failure that is retried.
 */
export async function authorizedRemote(
  { config, providers }: { config: Config; providers: Providers },
  where: { source: string; repository: string },
): Promise<GitRemote> {
  const remote = sourceRemote(config, where);
  const madeOf = tokensAreMadeOf(config.sources[where.source]);
  if (remote.token || !madeOf || !/^https?:/.test(remote.url)) return remote;
  const token = async () => (await providers.repository(where.source, where.repository))?.gitToken?.();
  // 404: an app that is not installed there. What is public can be read all the same.
  const made = await providerCall(() => orUndefinedIf404(token()));
  if (!made) return remote;
  return { ...remote, token: made.token, madeOf, ...(made.isBearer && { username: undefined }) };
}

/** Fills a name into a template. Blanks are escaped in a URL; git takes a path, or `host:path`, as it is. */
function filledIn(template: string, repository: string): string {
  const isUrl = /^[a-z]+:\/\//i.test(template);
  const parts = repository.split('/').map((part) => (isUrl ? encodeURIComponent(part) : part));
  return template
    .replaceAll('{fullName}', parts.join('/'))
    .replaceAll('{owner}', parts.slice(0, -1).join('/'))
    .replaceAll('{name}', parts.at(-1) ?? '');
}

/** Returns the remote of a mirror target. Throws `NotConfigured`. */
export function mirrorRemote(config: Config, name: string): GitRemote {
  const target = Object.hasOwn(config.mirrors, name) ? config.mirrors[name] : undefined;
  if (!target) throw notConfigured(`there is no mirror "${name}": add mirrors.${name} to hookyard.config.ts`);
  const url = checkedUrl(target.url, `mirrors.${name}.url`);
  return { url, username: target.username, ...(target.token && { token: target.token }) };
}

function checkedUrl(url: string, option: string): string {
  if (holdsCredentials(url)) throw notConfigured(`${option} holds credentials: put them into username and token`);
  if (isAbsolute(url) || /^[\w.-]+@[\w.-]+:[^:]/.test(url)) return url;
  const scheme = /^\s*(https?|ssh|file)(?=:\/\/.)/i.exec(url)?.[0];
  if (scheme === undefined || !URL.canParse(url))
    throw notConfigured(`${option} must be an https, ssh or file URL, or an absolute path`);
  // Git takes a scheme in capitals for the name of a program.
  return `${scheme.trim().toLowerCase()}${url.slice(scheme.length).trimEnd()}`;
}
