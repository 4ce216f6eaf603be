import type { Normalised, ProviderContext } from '../../webhook-scheme.js';

/** `organisation` is the source's URL: `https://dev.azure.com/<organisation>`, or a server's collection. */
export type OrganisationContext = ProviderContext & { readonly organisation: string };

/** Says what a payload lacks: a hook may be set to send little of what happened, and then there is nothing to go by. */
export function lacking(what: string): Normalised & { readonly ignored: string } {
  return { ignored: `the payload lacks ${what}: set "Resource details to send" to All in the service hook` };
}
