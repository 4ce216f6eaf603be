import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import { SOCKET, SOCKET_VARIABLE, socketFolderOf } from '../checkout/socket-folder.js';
import { isIdToken } from '../contract/id-token.js';
import type { RunJobInput } from '../contract/index.js';
import { refused } from '../failures.js';
import { jobSecret } from '../job-secret.js';
import { type AsksForSecrets, keepFromStrangers } from './keep-secrets.js';
import { WORKSPACE_VARIABLE } from './kill-by-env.js';
import type { Workspace } from './workspace.js';

/** In characters of up to 3 bytes: Linux starts no program with a variable of 128 kB or more (`MAX_ARG_STRLEN`). */
const MAX_VALUE = 40_000;

/**
 * Returns the environment of a job's steps. Of the worker's own it has only `PATH`, so that it passes on no
 * credentials. That is not a sandbox: on the host steps run as the worker's user, who can read more. Throws `NotConfigured` for a
 * secret that the configuration does not hold, `Refused` for an impossible name, and for a secret that the code must not have.
 */
export function jobEnvironment(
  config: Config,
  {
    input,
    workspace,
    workflowId,
    attempt,
  }: { input: Omit<RunJobInput, 'steps'>; workspace: Workspace; workflowId: string; attempt: number },
): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: workspace.home,
    TMPDIR: workspace.temporary,
    LANG: 'C.UTF-8',
    CI: 'true',
    HOOKYARD: 'true',
    HOOKYARD_RUN: workflowId,
    HOOKYARD_JOB: input.name,
    HOOKYARD_ATTEMPT: String(attempt),
    HOOKYARD_REPOSITORY: input.checkout.repository,
    HOOKYARD_COMMIT: input.checkout.sha,
    HOOKYARD_REF: input.checkout.ref ?? '',
    ...(input.checkout.options?.credentials && {
      [SOCKET_VARIABLE]: join(socketFolderOf(workspace.folder), SOCKET),
    }),
    ...ownEnvironment(config, input),
    [WORKSPACE_VARIABLE]: workspace.folder,
  };
}

/** Returns what an author has set, with the values of secrets, and without ID tokens. Throws as {@link jobEnvironment} does. */
export function ownEnvironment(config: Config, job: Omit<AsksForSecrets, 'stepSecrets'>): Record<string, string> {
  keepFromStrangers(job);
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(job.env)) {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw refused(`env: ${JSON.stringify(name)} is not the name of a variable`);
    if (typeof value === 'string') {
      if (value.length > MAX_VALUE) {
        throw refused(
          `env ${name} has ${value.length} characters: more than ${MAX_VALUE} can't be handed to a program`,
        );
      }
      own[name] = value.replaceAll('\0', '');
      continue;
    }
    // Signed when a step starts: it is not to be older than that.
    if (isIdToken(value)) continue;
    if (typeof value?.secret !== 'string')
      throw refused(`env ${name}: must be a string, secret('name') or idToken({ audience })`);
    own[name] = jobSecret(config, { name: value.secret, option: `env ${name}` }).reveal();
  }
  return own;
}
