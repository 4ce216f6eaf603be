import { posix } from 'node:path';
import { holdsCredentials } from '../../secrets/address-credentials.js';

/** An address that git may be given, by what speaks to it. None holds credentials. */
export type GitAddress =
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly origin: string;
      readonly hostname: string;
      readonly path: string;
    }
  | { readonly kind: 'ssh'; readonly url: string; readonly hostname: string; readonly path: string }
  | { readonly kind: 'file'; readonly url: string; readonly path: string };

/** In characters. */
const MAX_URL = 2_000;

/**
 * Returns what an address is, or undefined for what git would run a program for (`ext::…`), for `git://`, and for what is none. A
 * name without a password before a web address's host is left out: git gets its own.
 */
export function readAddress(text: string): GitAddress | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  if (text.length > MAX_URL || /[\u0000-\u0020\u007f\\]/.test(text) || text.startsWith('-')) return undefined;
  if (posix.isAbsolute(text)) return { kind: 'file', url: posix.resolve(text), path: posix.resolve(text) };
  const short = /^(?:([\w.-]+)@)?([A-Za-z0-9][\w.-]*):(?!\/\/|:)([^-:].*)$/.exec(text);
  // What stands before a colon may be a password to whoever wrote it, and is a host to git.
  if (short && holdsCredentials(text)) return undefined;
  if (short) return { kind: 'ssh', url: text, hostname: (short[2] ?? '').toLowerCase(), path: short[3] ?? '' };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.password) return undefined;
  const path = decoded(url.pathname);
  if (path === undefined || /(?:^|\/)\.\.(?:\/|$)/.test(path)) return undefined;
  // Only those of https are in lower case already.
  const hostname = url.hostname.toLowerCase();
  switch (url.protocol) {
    case 'https:':
    case 'http:':
      return { kind: 'http', url: `${url.origin}${url.pathname}`, origin: url.origin, hostname, path };
    case 'ssh:':
      if (hostname === '' || hostname.startsWith('-') || url.username.startsWith('-')) return undefined;
      return {
        kind: 'ssh',
        url: `ssh://${url.username && `${url.username}@`}${url.host}${url.pathname}`,
        hostname,
        path,
      };
    case 'file:':
      return hostname === '' ? { kind: 'file', url: path, path } : undefined;
    default:
      return undefined;
  }
}

/**
 * Returns the address that one relative to another (`../lib.git`) stands for, by git's rule: each `..` takes the last name of the
 * path away. Undefined where it would take the host away too.
 */
export function resolveAddress(base: string, relative: string): string | undefined {
  const [, root = '', path = ''] =
    /^([a-z]+:\/\/[^/]*\/)(.*)$/i.exec(base) ??
    /^((?:[\w.-]+@)?[\w.-]+:(?!\/\/)\/?)(.*)$/.exec(base) ??
    /^(\/)(.*)$/.exec(base) ??
    [];
  if (root === '') return undefined;
  const names = path.split('/').filter((name) => name !== '');
  for (const name of relative.split('/')) {
    if (name === '.' || name === '') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) return undefined;
  }
  return names.length === 0 ? undefined : `${root}${names.join('/')}`;
}

/** Returns whether an address is relative to that of the repository that names it. */
export function isRelative(address: string): boolean {
  return /^\.\.?\//.test(address);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
