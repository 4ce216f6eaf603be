import { type Project, readProject } from '../../config/project.js';
import { inUrl } from '../../http/host-in-url.js';
import { calledHere } from '../format/called-here.js';
import { UserError } from '../user-error.js';
import type { Api } from './api.js';
import { createApi } from './create-api.js';
import { mustBeReadable } from './readable-data.js';
import { httpUrl } from './request.js';
import { readRunning } from './running.js';
import { secretsOf } from './source-secrets.js';

/**
 * Connects to a server: the one that `--url` names, else the one that runs on the project's data folder, else the
 * configured one. With `--url`, and `HOOKYARD_API_TOKEN` set, no configuration is read; other secrets than the API token
 * never are, and nothing is written. Throws {@link ConfigError} and {@link UserError}.
 */
export async function connectApi({ url }: { readonly url?: string | undefined }): Promise<Api> {
  const given = url === undefined ? undefined : httpUrl(url);
  const { HOOKYARD_API_TOKEN: token } = process.env;
  if (given !== undefined && token) return createApi({ url: given, token, project: undefined });
  const project = await readProject({ env: process.env, cwd: process.cwd() });
  return createApi({ url: given ?? (await serverUrl(project)), token: apiToken(project), project });
}

/** Returns the address of the server that runs on a project's data folder, else the configured one. */
export async function serverUrl({ data, settings: { server } }: Project): Promise<string> {
  const running = await readRunning(data);
  const host = ['0.0.0.0', '::'].includes(server.host) ? '127.0.0.1' : server.host;
  return running?.url.replace(/\/$/, '') ?? `http://${inUrl(host)}:${server.port}`;
}

function apiToken(project: Project): string {
  const secrets = secretsOf(project);
  const token = secrets.find(project.settings.server.apiToken, 'server.apiToken');
  if (token) return token.reveal();
  mustBeReadable(project.data);
  throw new UserError(
    `The server's API token is not known: ${secrets.problems.join('; ') || 'server.apiToken is not set'}. ` +
      `Start Hookyard here with: ${calledHere()} start. For a server elsewhere give --url, and its token in HOOKYARD_API_TOKEN`,
  );
}
