import type { GithubSource } from '../settings.js';

/**
 * The API's base: as configured, else github.com's, that of GitHub Enterprise Cloud with data residency, or that of an
 * Enterprise Server. Source: https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api
 */
export function apiUrl({ url, api }: Pick<GithubSource, 'url' | 'api'>): string {
  if (api?.url) return api.url.replace(/\/+$/, '');
  const { host } = new URL(url);
  const isCloud = host === 'github.com' || host.endsWith('.ghe.com');
  return isCloud ? `https://api.${host}` : `${url.replace(/\/+$/, '')}/api/v3`;
}
