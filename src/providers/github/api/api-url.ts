import { apiBase, withoutSlash } from '../../api-base.js';
import type { GithubSource } from '../settings.js';

/**
 * Returns the API's base: as configured, else by the source's `url` that of github.com, of GitHub Enterprise Cloud
 * with data residency, or of an Enterprise Server. Source:
 * https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
 */
export function apiUrl({ url, api }: Pick<GithubSource, 'url' | 'api'>): string {
  const web = withoutSlash(url);
  const given = withoutSlash(api?.url ?? web);
  // The address of the pages is often given for that of the API.
  if (given !== web) return given;
  const { host } = new URL(url);
  const isCloud = host === 'github.com' || host.endsWith('.ghe.com');
  return isCloud ? `https://api.${host}` : apiBase(web, '/api/v3');
}
