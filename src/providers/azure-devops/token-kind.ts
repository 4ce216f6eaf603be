import type { Secret } from '../../secrets/secret.js';
import type { CredentialCheck, CredentialRemark } from '../credential-remark.js';
import { facts } from './facts.js';
import type { AzureDevopsSource } from './settings.js';

/** Returns whether a token was issued by Microsoft Entra, or for a pipeline, and is no personal access token. */
export function isIssuedToken(token: Secret): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(token.reveal());
}

/**
 * Returns the user name that git sends with a personal access token. An issued token goes by itself.
 * Source: https://learn.microsoft.com/azure/devops/repos/git/auth-overview
 */
export function gitUser(_source: unknown, token: Secret): string | undefined {
  return isIssuedToken(token) ? undefined : facts.clone.username;
}

/**
 * When personal access tokens for all organisations end. Nothing in a token says whether it is one. Source:
 * https://devblogs.microsoft.com/devops/retirement-of-global-personal-access-tokens-in-azure-devops/
 */
const GLOBAL_END = Date.UTC(2026, 11, 1);

/** Says which tokens may be personal ones for all organisations, and which nobody renews. */
export function credentialRemarks(
  { api, clone }: Pick<AzureDevopsSource, 'api' | 'clone'>,
  { name, now, refused }: CredentialCheck,
): readonly CredentialRemark[] {
  const entra = `sources.${name}.api.entra`;
  const tokens = [
    { option: `sources.${name}.api.token`, token: api?.token, refused },
    { option: `sources.${name}.clone.token`, token: clone.token, refused: false },
  ];
  return tokens.flatMap(({ option, token, refused }): CredentialRemark[] => {
    if (!token) return [];
    if (isIssuedToken(token))
      return [
        {
          kind: refused ? 'ended' : 'ends',
          says: `${option} was issued for about an hour, and nobody renews it`,
          advice: `configure ${entra}, whose tokens are renewed`,
        },
      ];
    // One that works after that day is none of them.
    if (now >= GLOBAL_END && !refused) return [];
    const ends = now < GLOBAL_END ? 'stop working on 2026-12-01' : 'ended on 2026-12-01';
    return [
      {
        kind: refused ? 'ended' : 'ends',
        says: `${option} is a personal access token: those for all organisations ${ends}`,
        advice: `if it is one, set ${option} to one of this organisation alone, or configure ${entra}`,
      },
    ];
  });
}
