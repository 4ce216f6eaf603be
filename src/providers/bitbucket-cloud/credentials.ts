import type { Secret } from '../../secrets/secret.js';
import type { BitbucketCloudSource } from './settings.js';

/** What a token of Bitbucket Cloud is. */
export type CredentialKind = 'access token' | 'API token' | 'app password';

/** How Atlassian's tokens begin. */
const PREFIXES: Readonly<Record<string, CredentialKind>> = {
  ATCTT: 'access token',
  ATATT: 'API token',
  ATBB: 'app password',
};

/** Returns what a token is by how it begins. Undefined if that says nothing. */
export function kindOfToken(token: Secret): CredentialKind | undefined {
  const text = token.reveal();
  return Object.entries(PREFIXES).find(([prefix]) => text.startsWith(prefix))?.[1];
}

/**
 * Returns the user name that git sends with a token: one for access tokens of repositories, projects and workspaces, and
 * one for API tokens of persons. What a token without a known beginning is shows in whether the API is asked with a name.
 *
 * Sources: https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/,
 * https://support.atlassian.com/bitbucket-cloud/docs/using-access-tokens/
 */
export function gitUser({ api }: Pick<BitbucketCloudSource, 'api'>, token: Secret): string {
  const isNamed = api?.username !== undefined && api.token?.reveal() === token.reveal();
  const kind = kindOfToken(token) ?? (isNamed ? 'API token' : 'access token');
  return kind === 'access token' ? 'x-token-auth' : 'x-bitbucket-api-token-auth';
}
