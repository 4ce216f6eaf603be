import type { Secret } from '../../secrets/secret.js';
import type { CredentialCheck, CredentialRemark } from '../credential-remark.js';
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
function kindOfToken(token: Secret): CredentialKind | undefined {
  const text = token.reveal();
  return Object.entries(PREFIXES).find(([prefix]) => text.startsWith(prefix))?.[1];
}

/** Returns the e-mail address that goes with a person's token to the API. Undefined for an access token, which is nobody's. */
export function personOf({ api }: Pick<BitbucketCloudSource, 'api'>): string | undefined {
  return api?.token && kindOfToken(api.token) === 'access token' ? undefined : api?.username;
}

/**
 * Returns the user name that git sends with a token: one for access tokens of repositories, projects and workspaces, and
 * one for API tokens of persons. What a token without a known beginning is shows in whether the API is asked with a name.
 *
 * Sources: https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/,
 * https://support.atlassian.com/bitbucket-cloud/docs/using-access-tokens/
 */
export function gitUser({ api }: Pick<BitbucketCloudSource, 'api'>, token: Secret): string {
  const isNamed = personOf({ api }) !== undefined && api?.token?.reveal() === token.reveal();
  const kind = kindOfToken(token) ?? (isNamed ? 'API token' : 'access token');
  return kind === 'access token' ? 'x-token-auth' : 'x-bitbucket-api-token-auth';
}

const ENDED = 'app passwords, which Bitbucket ended on 2026-06-09';
const MAKE = 'make an API token with scopes (Atlassian account, Security)';

/**
 * Says which credentials are app passwords, or lack the e-mail address that goes with a person's token.
 * Source: https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/
 */
export function credentialRemarks(
  { api, clone }: Pick<BitbucketCloudSource, 'api' | 'clone'>,
  { name }: Pick<CredentialCheck, 'name'>,
): readonly CredentialRemark[] {
  const option = `sources.${name}`;
  const username = `${option}.api.username to the e-mail address of its account`;
  const remarks: CredentialRemark[] = [];
  const kind = api?.token && kindOfToken(api.token);
  const isNoAddress = api?.username !== undefined && !api.username.includes('@');
  if (kind === 'app password')
    remarks.push({
      kind: 'ended',
      says: `${option}.api.token is one of the ${ENDED}`,
      advice: `${MAKE}, set ${option}.api.token to it, and ${username}; or an access token of the repository`,
    });
  else if (kind !== 'access token' && isNoAddress)
    remarks.push({
      kind: 'ended',
      says: `${option}.api.username is no e-mail address: other names went with the ${ENDED}`,
      advice: `${MAKE}, and set ${username}`,
    });
  else if (kind === 'API token' && api?.username === undefined)
    remarks.push({
      kind: 'ended',
      says: `${option}.api.token is a person's API token, which Bitbucket takes only with an e-mail address`,
      advice: `set ${username}`,
    });
  if (clone.token && kindOfToken(clone.token) === 'app password')
    remarks.push({
      kind: 'ended',
      says: `${option}.clone.token is one of the ${ENDED}`,
      advice: `${MAKE}, or an access token of the repository, and set ${option}.clone.token to it`,
    });
  return remarks;
}
