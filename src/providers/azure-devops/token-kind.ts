import type { Secret } from '../../secrets/secret.js';
import { facts } from './facts.js';

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
