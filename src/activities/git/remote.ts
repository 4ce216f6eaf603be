import { isAbsolute } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Secret } from '../../config/secret.js';
import { notConfigured } from '../remote/failure.js';
import { checkedRepository } from './names.js';

/** A repository that git speaks to. The URL holds no credentials. */
export interface GitRemote {
  readonly url: string;
  readonly username: string;
  readonly token?: Secret;
}

/**
 * Where a source's repository is fetched from: by the configuration, never by a URL from a payload, which could lead
 * anywhere. Throws `NotConfigured` or `Refused`.
 */
export function sourceRemote(
  config: Config,
  { source: name, repository }: { source: string; repository: string },
): GitRemote {
  const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined;
  if (!source) throw notConfigured(`there is no source "${name}": add sources.${name} to hookyard.config.ts`);
  const template = source.clone.url ?? '{url}/{fullName}.git';
  const url = template
    .replaceAll('{url}', source.url.replace(/\/$/, ''))
    .replaceAll('{fullName}', checkedRepository(repository));
  const token = source.clone.token ?? source.api?.token;
  return { url: checkedUrl(url, `sources.${name}.clone.url`), username: 'x-access-token', ...(token && { token }) };
}

/** A mirror target of the configuration. Throws `NotConfigured`. */
export function mirrorRemote(config: Config, name: string): GitRemote {
  const target = Object.hasOwn(config.mirrors, name) ? config.mirrors[name] : undefined;
  if (!target) throw notConfigured(`there is no mirror "${name}": add mirrors.${name} to hookyard.config.ts`);
  const url = checkedUrl(target.url, `mirrors.${name}.url`);
  return { url, username: target.username, ...(target.token && { token: target.token }) };
}

function checkedUrl(url: string, option: string): string {
  const fine = isAbsolute(url) || /^(https?|ssh|file):\/\/./.test(url) || /^[\w.-]+@[\w.-]+:[^:]/.test(url);
  if (!fine)
    throw notConfigured(
      `${option} is ${JSON.stringify(url)}: it must be an https, ssh or file URL, or an absolute path`,
    );
  if (URL.canParse(url) && new URL(url).password) throw notConfigured(`${option} holds a password: put it into token`);
  return url;
}
