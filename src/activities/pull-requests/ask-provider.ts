import type { RepositoryApi } from '../../providers/api.js';
import type { Providers } from '../../providers/apis.js';
import { providerCall } from '../provider-call.js';

/**
 * Calls one of the methods of a repository's API. `undefined` when the source has no API credentials, or its provider no
 * such method. Throws `NotConfigured`, `Refused`, or a failure that is retried.
 */
export type AskProvider = <T>(
  where: { readonly source: string; readonly repository: string },
  call: (api: RepositoryApi) => Promise<T> | undefined,
) => Promise<{ readonly answer: T } | undefined>;

export function createAskProvider(providers: Providers): AskProvider {
  return ({ source, repository }, call) =>
    providerCall(async () => {
      const api = await providers.repository(source, repository);
      const asked = api && call(api);
      return asked && { answer: await asked };
    });
}

/** Why a source's provider can't be asked for something. */
export function cannot(source: string, what: string): string {
  return `source ${source} has no API credentials, or its provider's API no way to ${what}`;
}
