/** The newest version that this client speaks. Source: https://docs.github.com/en/rest/about-the-rest-api/breaking-changes */
const NEWEST_VERSION = '2026-03-10';
/** What every GitHub Enterprise Server since 3.9 knows. */
const OLDER_VERSION = '2022-11-28';

/** The version of GitHub's REST API that a source's requests ask for. */
export interface ApiVersion {
  /**
   * Sends a request with the version, and once more with the older one if the server refuses it and has not accepted the
   * newer one before.
   */
  send<R extends { readonly ok: boolean; readonly status: number }>(
    request: (version: string) => Promise<R>,
  ): Promise<R>;
}

/**
 * Returns what finds out which version a server knows. github.com and Enterprise Server since 3.21 know the newest. A
 * version that is not known is answered 400, one that has ended 410, and nothing was done. Source:
 * https://docs.github.com/en/rest/about-the-rest-api/api-versions
 */
export function createApiVersion(): ApiVersion {
  let accepted: string | undefined;
  return {
    async send(request) {
      const asked = accepted ?? NEWEST_VERSION;
      const response = await request(asked);
      if (response.ok) accepted = asked;
      // Another request may have found out meanwhile that the server knows the older one alone.
      if (accepted === asked || ![400, 410].includes(response.status)) return response;
      const older = await request(OLDER_VERSION);
      if (older.ok) accepted = OLDER_VERSION;
      return older;
    },
  };
}
