import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isPublic, PrivateAddressError } from './address.js';

type LookupCallback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
/** `dns.lookup` with `all: true`. */
export type LookupAll = (hostname: string, options: { all: true }, callback: LookupCallback) => void;

/** Which addresses an agent may call. */
export interface GuardOptions {
  /** Skips the check: the configuration allows private addresses. */
  readonly allowPrivate: boolean;
  readonly lookup?: LookupAll;
}

/**
 * Returns an agent that connects only to public addresses; other requests fail with {@link PrivateAddressError}. The
 * check is made when it connects: every address that the name resolves to must be public, and the connection goes to
 * one of these, so that a second look-up can't return others.
 *
 * Proxies of the environment are not used: they would connect to any address, behind the check.
 */
export function guardedAgent({ allowPrivate, lookup = systemLookup as LookupAll }: GuardOptions): Agent {
  if (allowPrivate) return new Agent();
  const connect = buildConnector({ lookup: guardedLookup(lookup, isPublic) as never });
  return new Agent({
    connect: (options, callback) => {
      // An address is not looked up, so it is checked here. `URL` has normalised spellings such as `0x7f.1`, and the agent
      // has taken the brackets off.
      const { hostname } = options;
      if (isIP(hostname) && !isPublic(hostname)) return callback(refusal(hostname), null);
      connect(options, callback);
    },
  });
}

/** Returns a look-up that fails unless every address that a name resolves to is allowed. */
export function guardedLookup(lookup: LookupAll, isAllowed: (address: string) => boolean) {
  return (hostname: string, options: LookupOptions, callback: (...args: never[]) => void): void => {
    const answer = callback as unknown as (error: Error | null, address?: unknown, family?: number) => void;
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error) return answer(error);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isAllowed(address))) return answer(refusal(hostname));
      if (options.all) answer(null, addresses);
      else answer(null, first.address, first.family);
    });
  };
}

function refusal(host: string): PrivateAddressError {
  return new PrivateAddressError(`${host} is, or may lead to, a private address`);
}
