import type { RepositoryApi } from '../../providers/api.js';
import type { Providers } from '../../providers/apis.js';
import { providerCall } from '../provider-call.js';

/**
 * Calls a method of a repository's API. Returns undefined when the source has no API credentials, or its provider no
 * such method. Throws `NotConfigured`, `Refused`, or a failure that is retried.
 */
export type CallRepository = <T>(
  where: { readonly source: string; readonly repository: string },
  call: (api: RepositoryApi) => Promise<T> | undefined,
) => Promise<{ readonly result: T } | undefined>;

/** Returns the function that calls a repository's API within an activity. */
export function createCallRepository(providers: Providers): CallRepository {
  return ({ source, repository }, call) =>
    providerCall(async () => {
      const api = await providers.repository(source, repository);
      const called = api && call(api);
      return called && { result: await called };
    });
}

/** Returns why nothing was called: `what` is what the method would have done. */
export function cannotCall(source: string, what: string): string {
  return `source ${source} has no API credentials, or the API of its provider can't ${what}`;
}
