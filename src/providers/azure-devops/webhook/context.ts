import type { Normalised, ProviderContext } from '../../webhook-scheme.js';

/**
 * What an event holds that no payload says, and the source's URL: `https://dev.azure.com/<organisation>` or a
 * collection.
 */
export type OrganisationContext = ProviderContext & { readonly organisation: string };

/** Returns the reason why a payload is ignored that lacks `what`: a hook may be set to leave out the details. */
export function lacking(what: string): Normalised & { readonly ignored: string } {
  return { ignored: `the payload lacks ${what}: set "Resource details to send" to All in the service hook` };
}
