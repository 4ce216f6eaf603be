import { isIP } from 'node:net';
import type { Config } from '../../../config/config.js';
import { publicUrl } from '../../../config/public-url.js';
import type { GitFacts } from '../../../providers/facts.js';
import { UserError } from '../../user-error.js';
import { httpUrl } from '../request.js';

/**
 * Returns the address that a source's deliveries are sent to. Throws {@link UserError} if no address is known, or if
 * `url` is none that addresses can be made from.
 */
export function hookAddress(
  config: Pick<Config, 'server'>,
  { source, url }: { source: string; url?: string | undefined },
): string {
  const base = url === undefined ? config.server.publicUrl : baseOf(url);
  if (base) return `${base}/webhooks/${source}`;
  throw new UserError(
    'The address by which the provider reaches this server is not known: set server.publicUrl (or HOOKYARD_PUBLIC_URL), or give --url https://<your host>',
  );
}

/** Who has the whole address at hand gives that: a webhook would be made that leads nowhere. */
function baseOf(url: string): string {
  const { data, error } = publicUrl.safeParse(httpUrl(url));
  if (data !== undefined) return data;
  const because = error?.issues.map(({ message }) => message).join('; ') ?? 'is no address';
  throw new UserError(`--url ${because.replace('<publicUrl>', '<url>')}`);
}

/** Returns why a provider may not reach an address, or not safely: a sentence for each reason. */
export function addressWarnings(
  address: string,
  { privateReceivers }: Pick<GitFacts, 'privateReceivers'> = {},
): readonly string[] {
  const { protocol, hostname } = new URL(address);
  const warnings: string[] = [];
  if (isPrivateHost(hostname)) {
    const how = privateReceivers ? `, and be allowed to send there: ${privateReceivers}` : '';
    warnings.push(`${hostname} is this machine or its own network: the provider must be able to reach it${how}`);
  }
  if (protocol === 'http:')
    warnings.push('http is not encrypted: others can read the deliveries on their way, so use https');
  return warnings;
}

/** Returns whether a host is this machine, or one of a private network. A name that is public may lead there all the same. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isIP(host) === 4) return /^(?:127|10|0|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./.test(host);
  if (isIP(host) === 6) return /^(?:::1?$|f[cd]|fe[89ab])/.test(host);
  return host === 'localhost' || /\.(?:localhost|local|internal)$/.test(host) || !host.includes('.');
}
