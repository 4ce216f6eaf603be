import { dirname, resolve } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Providers } from '../../providers/apis.js';
import { PROVIDERS } from '../../providers/index.js';
import { type GitSource, isGitSource } from '../../providers/source.js';
import { holdsCredentials } from '../../secrets/address-credentials.js';
import type { Secret } from '../../secrets/secret.js';
import type { CheckoutOptions } from '../contract/index.js';
import { refused } from '../failures.js';
import { authorizedRemote, type GitRemote, sourceRemote } from '../git/remote.js';
import { jobSecret } from '../job-secret.js';
import { type GitAddress, isRelative, readAddress, resolveAddress } from './address.js';

/** Whose submodule it is, and what it may use. */
export interface SubmoduleOf {
  /** Name of the source that the checkout is of. */
  readonly source: string;
  /** What the checkout itself was fetched from: no submodule uses a weaker way than that. */
  readonly home: GitRemote;
  /** Address of the repository that names the submodule. */
  readonly parent: string;
  /** No credentials, since whoever wrote the code chose the address. */
  readonly untrusted: boolean;
  /** Whose repositories on the source's host are fetched with its credentials; `*` stands for all. */
  readonly owners: readonly string[];
  readonly tokens: NonNullable<CheckoutOptions['submoduleTokens']>;
}

/** Where a submodule is fetched from, and how its repository is called there. */
export interface SubmoduleRemote {
  readonly remote: GitRemote;
  readonly repository: string;
  /** Why it is fetched without the credentials of the source, though it is on its host. */
  readonly withheld?: string;
}

/**
 * Returns where a submodule is fetched from: by https; by ssh with the worker's own key; by http, or from a file, only where the
 * source itself is. Credentials go to no host but the source's own, for the owners that are named, and to those that tokens were
 * named for. Throws `Refused` for any other address, and for what would need a key that it may not use; `NotConfigured` for a
 * token that is not there.
 */
export async function submoduleRemote(
  deps: { readonly config: Config; readonly providers: Providers },
  { path, url }: { path: string; url: string },
  { source, home, parent, untrusted, owners, tokens }: SubmoduleOf,
): Promise<SubmoduleRemote> {
  const shown = holdsCredentials(url) ? 'an address that holds credentials' : JSON.stringify(url.slice(0, 200));
  const no = (why: string) => refused(`the submodule ${JSON.stringify(path)} is at ${shown}, ${why}`);
  const address = readAddress(isRelative(url) ? (resolveAddress(parent, url) ?? '') : url);
  if (!address) throw no('which is no https or ssh address without a password: git is not asked for it');
  const { config } = deps;
  const repository = ownRepository(config, { source, home, address });
  if (repository !== undefined) {
    // As the source fetches, whatever way the address names.
    const withheld = whyWithheld(repository, { untrusted, owners });
    if (withheld === undefined) return { remote: await authorizedRemote(deps, { source, repository }), repository };
    const { url } = sourceRemote(config, { source, repository });
    if (!/^https?:/.test(url))
      throw no(`which is fetched by the worker's keys, or from its files: not so, since ${withheld}`);
    return { remote: { source, url, username: undefined }, repository, withheld };
  }
  const remote: GitRemote = { source, url: address.url, username: undefined };
  switch (address.kind) {
    case 'http': {
      const isEncrypted = address.url.startsWith('https:');
      if (!isEncrypted && !home.url.startsWith('http:')) throw no('and the source itself is not fetched by http');
      if (untrusted) return { remote, repository: address.url };
      const token = isEncrypted ? tokenFor(config, tokens, new URL(address.url).host) : undefined;
      return { remote: { ...remote, ...token }, repository: address.url };
    }
    case 'ssh':
      if (untrusted) throw no("and code of a fork gets nothing by the worker's keys");
      return { remote, repository: address.url };
    case 'file': {
      const root = rootOf(config, source);
      if (untrusted || root === undefined || !address.path.startsWith(`${root}/`))
        throw no(
          `and only trusted code gets files of the worker, from ${root ?? 'a source that is fetched from files'}`,
        );
      return { remote, repository: address.url };
    }
    default:
      return address satisfies never;
  }
}

function whyWithheld(
  repository: string,
  { untrusted, owners }: Pick<SubmoduleOf, 'untrusted' | 'owners'>,
): string | undefined {
  if (untrusted) return "the code may be a stranger's";
  const owner = ownerOf(repository);
  if (owners.some((one) => one === '*' || one.toLowerCase() === owner.toLowerCase())) return undefined;
  return `it is of another owner: checkout.submoduleOwners would have to name ${JSON.stringify(owner)}`;
}

/** Returns whose a repository is: an organisation's, a person's, a project's, or that of a group with all groups within. */
export function ownerOf(repository: string): string {
  return repository.split('/')[0] ?? '';
}

/** Returns how a repository is called that the source has too; undefined where the address is elsewhere, or can't be told. */
function ownRepository(
  config: Config,
  { source: name, home, address }: { source: string; home: GitRemote; address: GitAddress },
): string | undefined {
  const source = gitSourceOf(config, name);
  if (!source || address.kind === 'file') return undefined;
  const byDefault: Config = { ...config, sources: { ...config.sources, [name]: { ...source, clone: {} } } };
  const addressesOf = (repository: string) =>
    [config, byDefault].flatMap((one) => addressOf(one, { source: name, repository }) ?? []);
  const path = bare(address.path);
  const named = namesIn(path).find((repository) => addressesOf(repository).some((one) => isSamePlace(one, address)));
  if (named !== undefined) return named;
  const { alsoAt, clone } = PROVIDERS[source.kind].facts;
  const isAtUsualPort = address.kind === 'ssh' || new URL(address.url).port === new URL(source.url).port;
  const told = isAtUsualPort ? alsoAt?.({ hostname: address.hostname, path }, source.url) : undefined;
  // By ssh, hosts of pages have repositories by their names.
  const isByName =
    address.kind === 'ssh' &&
    clone.path.includes('{fullName}') &&
    [home.url, source.url].map(readAddress).some((one) => one?.kind === 'http' && one.hostname === address.hostname);
  const repository = told ?? (isByName ? path : undefined);
  return repository !== undefined && addressesOf(repository).length > 0 ? repository : undefined;
}

/** Returns the parts of a path that may be a repository's name: its ends. */
function namesIn(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(0, -1).map((_, from) => parts.slice(from).join('/'));
}

/** Returns the address of a source's repository; undefined if that can be no repository's name. */
function addressOf(config: Config, where: { source: string; repository: string }): GitAddress | undefined {
  try {
    return readAddress(sourceRemote(config, where).url);
  } catch {
    return undefined;
  }
}

function isSamePlace(one: GitAddress, other: GitAddress): boolean {
  if (one.kind === 'http') return other.kind === 'http' && bare(one.url) === bare(other.url);
  return (
    one.kind === 'ssh' && other.kind === 'ssh' && one.hostname === other.hostname && bare(one.path) === bare(other.path)
  );
}

/** Returns a path or a URL without the slashes around it, and without `.git`. */
function bare(path: string): string {
  return path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
}

function gitSourceOf(config: Config, name: string): GitSource | undefined {
  const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined;
  return source && isGitSource(source) ? source : undefined;
}

function tokenFor(
  config: Config,
  tokens: SubmoduleOf['tokens'],
  host: string,
): { username: string; token: Secret } | undefined {
  const [, given] = Object.entries(tokens).find(([name]) => hostOf(name) === host) ?? [];
  if (given === undefined) return undefined;
  const { username = 'x-access-token', token: named } = 'token' in given ? given : { token: given };
  return { username, token: jobSecret(config, { name: named.secret, option: `checkout.submoduleTokens ${host}` }) };
}

/** Returns a host as the addresses of URLs have it: without the port that is usual. */
function hostOf(name: string): string | undefined {
  return URL.canParse(`https://${name}`) ? new URL(`https://${name}`).host : undefined;
}

/** Returns the folder that all of a source's repositories lie in, where they are files. */
function rootOf(config: Config, name: string): string | undefined {
  const source = gitSourceOf(config, name);
  const template = source?.clone.url ?? (source && `{url}/${PROVIDERS[source.kind].facts.clone.path}`) ?? '';
  const before = template.slice(0, template.search(/\{(?:fullName|owner|name)\}/));
  const address = readAddress(before);
  if (address?.kind !== 'file') return undefined;
  return resolve(before.endsWith('/') ? address.path : dirname(address.path));
}
