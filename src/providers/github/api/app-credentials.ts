import { createAppAuth } from '@octokit/auth-app';
import { z } from 'zod';
import { bearer } from '../../../http/auth-headers.js';
import { rememberIssued } from '../../../secrets/known-secrets.js';
import { readPrivateKey } from '../../../secrets/private-key.js';
import type { Secret } from '../../../secrets/secret.js';
import { ProviderError } from '../../error.js';
import { parseResponse } from '../../parse.js';
import { id } from '../../shapes.js';
import { NO_PRIVATE_KEY } from '../private-key.js';
import type { Credentials, CredentialsOptions } from './credentials.js';
import { answeredStatus } from './failure.js';
import type { OwnerAndRepo } from './names.js';
import { createOctokit } from './octokit.js';

/** How long before GitHub's hour is over a token is renewed. */
const MARGIN_MS = 5 * 60_000;
const MAX_REPOSITORIES = 1_000;

const installationSchema = z.object({ id });
const repositorySchema = z.object({ id });
const tokenSchema = z.object({ token: z.string().regex(/^[\x21-\x7e]+$/), expires_at: z.string() });
const appSchema = z.object({ slug: z.string() });
const jwtSchema = z.object({ token: z.string() });

interface Token {
  readonly value: string;
  readonly expiresAt: number;
}

interface AppOptions extends Pick<CredentialsOptions, 'name' | 'baseUrl' | 'log' | 'version'> {
  readonly id: string;
  readonly privateKey: Secret;
}

/**
 * Returns the credentials of a GitHub App: a token for each repository, which may do nothing beyond it. Octokit's
 * strategy signs the requests for them. It could also exchange and keep tokens, but it shares exchanges that are under
 * way between all apps and servers of a process, by the installation's number alone: one server could be sent another's
 * token.
 *
 * Throws {@link ProviderError} (`not configured`) when the key is not an RSA key.
 */
export function createAppCredentials({ name, id: appId, privateKey, baseUrl, log, version }: AppOptions): Credentials {
  // Checked here, because the signing library's error would only come with the first request.
  const key = readPrivateKey(privateKey.reveal());
  if (key === undefined)
    throw new ProviderError('not configured', `sources.${name}.api.app.privateKey ${NO_PRIVATE_KEY}`);
  const octokit = createOctokit({
    baseUrl,
    log,
    version,
    auth: { authStrategy: createAppAuth, auth: { appId, privateKey: key } },
  });
  const unsigned = createOctokit({ baseUrl, log, version });
  const installations = new Map<string, string>();
  const tokens = new Map<string, Promise<Token>>();

  async function ask<T extends z.ZodType>(schema: T, route: string, parameters: object = {}): Promise<z.output<T>> {
    const { data } = await octokit.request(route, { ...parameters });
    return parseResponse(schema, data, { what: `GitHub's response to ${route}` });
  }

  async function installationOf({ owner, repo }: OwnerAndRepo): Promise<string> {
    const known = installations.get(`${owner}/${repo}`);
    if (known) return known;
    try {
      const found = await ask(installationSchema, 'GET /repos/{owner}/{repo}/installation', { owner, repo });
      if (installations.size >= MAX_REPOSITORIES) installations.clear();
      installations.set(`${owner}/${repo}`, found.id);
      return found.id;
    } catch (error) {
      if (answeredStatus(error) !== 404) throw error;
      throw new ProviderError(
        'not configured',
        `the GitHub App of sources.${name}.api is not installed on ${owner}/${repo}: install it there`,
        { status: 404 },
      );
    }
  }

  async function exchange(repository: OwnerAndRepo): Promise<Token> {
    const installation_id = Number(await installationOf(repository));
    const tokenFor = (what: object) =>
      ask(tokenSchema, 'POST /app/installations/{installation_id}/access_tokens', { installation_id, ...what });
    const { token, expires_at } = await tokenFor({ repositories: [repository.repo] }).catch(async (error: unknown) => {
      if (answeredStatus(error) !== 422) throw error;
      // It was renamed: GitHub redirects all but this request, which takes an id too.
      const { token: reading } = await tokenFor({ permissions: { metadata: 'read' } });
      rememberIssued('token', reading);
      return tokenFor({ repository_ids: [Number(await idOf(repository, bearer(reading)))] });
    });
    const expiresAt = Date.parse(expires_at);
    rememberIssued('token', token, expiresAt);
    return { value: token, expiresAt };
  }

  async function idOf({ owner, repo }: OwnerAndRepo, authorization: string): Promise<string> {
    const route = 'GET /repos/{owner}/{repo}';
    const { data } = await unsigned.request(route, { owner, repo, headers: { authorization } });
    return parseResponse(repositorySchema, data, { what: `GitHub's response to ${route}` }).id;
  }

  function forget({ owner, repo }: OwnerAndRepo): void {
    tokens.delete(`${owner}/${repo}`);
    installations.delete(`${owner}/${repo}`);
  }

  async function repositoryToken(repository: OwnerAndRepo): Promise<string> {
    const key = `${repository.owner}/${repository.repo}`;
    const known = await tokens.get(key);
    if (known && known.expiresAt - MARGIN_MS > Date.now()) return known.value;
    const fresh = exchange(repository);
    if (tokens.size >= MAX_REPOSITORIES) tokens.clear();
    tokens.set(key, fresh);
    fresh.catch(() => {
      if (tokens.get(key) === fresh) forget(repository);
    });
    return (await fresh).value;
  }

  return {
    forget,
    repositoryToken,
    authorization: async (repository) => bearer(await repositoryToken(repository)),

    /** The user that an app acts as is named after the app. */
    login: async (signal) => `${(await ask(appSchema, 'GET /app', { request: { signal } })).slug}[bot]`,

    /** Signed by the app's key, for ten minutes. */
    async asApp() {
      const signed = await octokit.auth({ type: 'app' });
      return bearer(parseResponse(jwtSchema, signed, { what: "Octokit's token of the app" }).token);
    },

    async beyondRepositories() {
      throw new ProviderError(
        'not configured',
        `the hooks of an organisation need a token: sources.${name}.api has an app, whose own hook covers its repositories`,
      );
    },
  };
}
