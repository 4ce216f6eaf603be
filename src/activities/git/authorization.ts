import { basic, bearer } from '../../http/auth-headers.js';
import type { GitRemote } from './remote.js';

/** What git is told so that it has the credentials of a remote. */
export interface Authorization {
  /** Names of git's settings, with their values. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly env: Readonly<Record<string, string>>;
}

/** A shell function: shells print by a program of their own, so that nothing of it is seen in a list of processes. */
const HELPER =
  '!f() { test "$1" != get || printf \'username=%s\\npassword=%s\\n\' "$HOOKYARD_USERNAME" "$HOOKYARD_PASSWORD"; }; f';

/** Returns what makes git send a remote's token with each request: nothing where it has none, or none that is for http. */
export function sentAuthorization(remote: GitRemote | undefined): Authorization {
  const token = tokenOf(remote);
  if (!remote || token === undefined) return { settings: [], env: {} };
  const header = remote.username === undefined ? bearer(token) : basic(remote.username, token);
  const settings: [name: string, value: string][] = [
    [`http.${new URL(remote.url).origin}/.extraHeader`, `Authorization: ${header}`],
    // A redirect could lead the credentials to another host.
    ['http.followRedirects', 'false'],
  ];
  return { settings, env: {} };
}

/**
 * Returns what lets git ask for a remote's token, for programs beside it which write git's settings down: when a server fails,
 * `git-lfs` leaves a file with all variables that have `GIT_` in their names. A token that goes by itself is a password here.
 * Source: https://git-scm.com/docs/gitcredentials
 */
export function askedAuthorization(remote: GitRemote | undefined): Authorization {
  // What the machine may keep for somebody else.
  const settings: [name: string, value: string][] = [['credential.helper', '']];
  const token = tokenOf(remote);
  if (!remote || token === undefined) return { settings, env: {} };
  settings.push([`credential.${new URL(remote.url).origin}.helper`, HELPER]);
  return { settings, env: { HOOKYARD_USERNAME: remote.username ?? 'hookyard', HOOKYARD_PASSWORD: token } };
}

function tokenOf(remote: GitRemote | undefined): string | undefined {
  return remote?.token && /^https?:/.test(remote.url) ? remote.token.reveal() : undefined;
}
