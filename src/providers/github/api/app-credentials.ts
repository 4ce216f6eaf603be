import { createPrivateKey } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { z } from 'zod';
import { bearer } from '../../../http/auth-headers.js';
import type { Secret } from '../../../secrets/secret.js';
import { ProviderError } from '../../error.js';
import { parseResponse } from '../../parse.js';
import { id } from '../../shapes.js';
import type { Credentials, CredentialsOptions } from './credentials.js';
import { answeredStatus } from './failure.js';
import { createOctokit } from './octokit.js';
import type { Repository } from './repository.js';

/** Renewed this long before GitHub's hour is over, in milliseconds. */
const MARGIN_MS = 5 * 60_000;
const REMEMBERED_REPOSITORIES = 1000;

const installationSchema = z.object({ id });
const tokenSchema = z.object({ token: z.string().regex(/^[\x21-\x7e]+$/), expires_at: z.string() });
const appSchema = z.object({ slug: z.string() });
const jwtSchema = z.object({ token: z.string() });

interface Token {
  readonly value: string;
  readonly expiresAt: number;
}

interface AppOptions extends Pick<CredentialsOptions, 'name' | 'baseUrl' | 'log'> {
  readonly id: string;
  readonly privateKey: Secret;
}

/**
 * A GitHub App: its installation is looked up per repository, and the token is narrowed to that repository. Octokit's
 * strategy signs these requests; exchange and cache are ours, because the strategy shares its pending exchanges
 * between all apps and servers of a process by installation number alone, so one server could be sent another's token.
 * Throws {@link ProviderError} (`not configured`) for a key that is none.
 */
export function createAppCredentials({ name, id: appId, privateKey, baseUrl, log }: AppOptions): Credentials {
  const key = readPrivateKey(privateKey.reveal(), `sources.${name}.api.app.privateKey`);
  const octokit = createOctokit({
    baseUrl,
    log,
    auth: { authStrategy: createAppAuth, auth: { appId, privateKey: key } },
  });
  const installations = new Map<string, string>();
  const tokens = new Map<string, Promise<Token>>();

  async function installationOf({ owner, repo }: Repository): Promise<string> {
    const known = installations.get(`${owner}/${repo}`);
    if (known) return known;
    try {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/installation', { owner, repo });
      const { id: installation } = parseResponse(installationSchema, data, {
        what: "GitHub's answer to GET /repos/{owner}/{repo}/installation",
      });
      if (installations.size >= REMEMBERED_REPOSITORIES) installations.clear();
      installations.set(`${owner}/${repo}`, installation);
      return installation;
    } catch (error) {
      if (answeredStatus(error) !== 404) throw error;
      throw new ProviderError(
        'not configured',
        `the GitHub App of sources.${name}.api is not installed on ${owner}/${repo}: install it there`,
        { status: 404 },
      );
    }
  }

  async function exchange(repository: Repository): Promise<Token> {
    const route = 'POST /app/installations/{installation_id}/access_tokens';
    const { data } = await octokit.request(route, {
      installation_id: Number(await installationOf(repository)),
      repositories: [repository.repo],
    });
    const { token, expires_at } = parseResponse(tokenSchema, data, { what: `GitHub's answer to ${route}` });
    return { value: token, expiresAt: Date.parse(expires_at) };
  }

  function forget({ owner, repo }: Repository): void {
    tokens.delete(`${owner}/${repo}`);
    installations.delete(`${owner}/${repo}`);
  }

  async function authorization(repository: Repository): Promise<string> {
    const key = `${repository.owner}/${repository.repo}`;
    const known = await tokens.get(key);
    if (known && known.expiresAt - MARGIN_MS > Date.now()) return bearer(known.value);
    const fresh = exchange(repository);
    if (tokens.size >= REMEMBERED_REPOSITORIES) tokens.clear();
    tokens.set(key, fresh);
    fresh.catch(() => {
      if (tokens.get(key) === fresh) forget(repository);
    });
    return bearer((await fresh).value);
  }

  /** The user that an app acts as is named for it. */
  async function login(signal: AbortSignal): Promise<string> {
    const { data } = await octokit.request('GET /app', { request: { signal } });
    return `${parseResponse(appSchema, data, { what: "GitHub's answer to GET /app" }).slug}[bot]`;
  }

  /** Signed by the app's key, for ten minutes. */
  async function asApp(): Promise<string> {
    return bearer(
      parseResponse(jwtSchema, await octokit.auth({ type: 'app' }), { what: 'the token of the GitHub App' }).token,
    );
  }

  async function beyondRepositories(): Promise<string> {
    throw new ProviderError(
      'not configured',
      `the hooks of an organisation are asked for with a token: sources.${name}.api has an app, whose own hook is enough`,
    );
  }

  return { authorization, forget, login, asApp, beyondRepositories };
}

/** Checked here, since the signing library's error would only come with the first request. Line breaks may be written `\n`. */
function readPrivateKey(pem: string, option: string): string {
  const text = pem.replaceAll('\\n', '\n');
  try {
    if (createPrivateKey(text).asymmetricKeyType === 'rsa') return text;
  } catch {
    // The message below says it all; the original could quote the key.
  }
  throw new ProviderError(
    'not configured',
    `${option} is not an RSA private key in PEM form: download one on the app's settings page`,
  );
}
