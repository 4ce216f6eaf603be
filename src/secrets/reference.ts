import { z } from 'zod';
import type { SecretRule } from './secret-rule.js';

/** Says where a secret is found. The configuration file holds references and never values, so it can be committed. */
export type SecretReference = EnvReference | FileReference | GeneratedReference | CommandReference;

/** Refers to an environment variable. */
export interface EnvReference {
  readonly env: string;
  readonly otherwise?: SecretReference | undefined;
  readonly optional?: boolean | undefined;
}

/** Refers to a file. */
export interface FileReference {
  readonly file: string;
}

/** Refers to a secret that Hookyard makes. */
export interface GeneratedReference {
  readonly generated: string;
}

/** Refers to what a command prints, and says how it is run. */
export interface CommandReference extends CommandOptions {
  /** The program and its arguments: no shell reads them. */
  readonly command: readonly string[];
}

/** How a command is run that prints a secret. */
export interface CommandOptions {
  /** Names of the environment variables that it gets, beside those that programs need to find themselves and their files. */
  readonly variables?: readonly string[] | undefined;
  /** For how many seconds what it has printed counts. Default 300. */
  readonly cacheSeconds?: number | undefined;
  /** How many seconds it may take. Default 10. */
  readonly timeoutSeconds?: number | undefined;
}

/**
 * Refers to the environment variable `name`; if it is unset, to what `otherwise` says.
 *
 * @example
 * import { defineConfig, env } from 'hookyard/config';
 *
 * export default defineConfig({
 *   sources: { github: { kind: 'github', secrets: [env('GITHUB_WEBHOOK_SECRET')] } },
 * });
 */
export function env(name: string, { otherwise }: { otherwise?: SecretReference } = {}): EnvReference {
  return otherwise ? { env: name, otherwise } : { env: name };
}

/**
 * Refers to the environment variable `name`, or to nothing if it is unset: what needs it is then not configured, and says
 * so when it is used.
 *
 * @example
 * import { defineConfig, env, optionalEnv } from 'hookyard/config';
 *
 * export default defineConfig({
 *   sources: {
 *     github: {
 *       kind: 'github',
 *       secrets: [env('GITHUB_WEBHOOK_SECRET')],
 *       api: { token: optionalEnv('GITHUB_TOKEN') },
 *     },
 *   },
 * });
 */
export function optionalEnv(name: string): EnvReference {
  return { env: name, optional: true };
}

/**
 * Refers to the content of a file, without the line break at its end: a mounted container secret, for example.
 *
 * @example
 * import { defineConfig, file } from 'hookyard/config';
 *
 * export default defineConfig({
 *   sources: { gitlab: { kind: 'gitlab', secrets: [file('/run/secrets/gitlab-webhook')] } },
 *   secrets: { npm: file('/run/secrets/npm') },
 * });
 */
export function file(path: string): FileReference {
  return { file: path };
}

/**
 * Refers to a random secret that the first start makes and keeps in the data folder under `secrets/<name>`, mode 0600.
 *
 * @example
 * import { defineConfig, generated } from 'hookyard/config';
 *
 * export default defineConfig({
 *   sources: { shop: { kind: 'standard-webhooks', secrets: [generated('shop')] } },
 * });
 */
export function generated(name: string): GeneratedReference {
  return { generated: name };
}

/**
 * Refers to what a command prints, without the line break at its end: a vault's own program, for example. It is run when Hookyard
 * starts, and again when the secret is used and five minutes have passed, so that one that was rotated is taken up. Its arguments can
 * be seen in lists of processes: it takes its own credentials from a file, or from `variables`.
 *
 * @example
 * import { command, defineConfig, env } from 'hookyard/config';
 *
 * export default defineConfig({
 *   sources: { github: { kind: 'github', secrets: [env('GITHUB_WEBHOOK_SECRET')] } },
 *   secrets: {
 *     npm: command(['vault', 'kv', 'get', '-field=token', 'ci/npm'], { variables: ['VAULT_ADDR', 'VAULT_TOKEN'] }),
 *   },
 * });
 */
export function command(programAndArguments: readonly string[], options: CommandOptions = {}): CommandReference {
  return { command: programAndArguments, ...options };
}

const referenceHelp =
  "a secret is named, not written: env('NAME'), file('/path'), generated('name') or command(['program', 'argument'])";

const secretReference: z.ZodType<SecretReference, SecretReference> = z.lazy(() =>
  z.union(
    [
      z.strictObject({
        env: z.string().min(1),
        otherwise: secretReference.optional(),
        optional: z.boolean().optional(),
      }),
      z.strictObject({ file: z.string().min(1) }),
      z.strictObject({
        command: z.array(z.string()).min(1).max(100),
        variables: z.array(z.string().regex(/^[A-Za-z_]\w*$/)).optional(),
        cacheSeconds: z.number().min(1).max(86_400).optional(),
        timeoutSeconds: z.number().min(1).max(300).optional(),
      }),
      z.strictObject({ generated: z.string().regex(/^[a-z0-9-]+$/, 'use lower-case letters, digits and -') }),
    ],
    { error: referenceHelp },
  ),
);

/** A secret that an option takes: where it is found, and what it has to be. */
export class NeededSecret {
  constructor(
    readonly reference: SecretReference,
    readonly rule: SecretRule,
  ) {}
}

/** Returns the schema of an option that takes a secret, which must be as the rule says. */
export function secretOf(rule: SecretRule) {
  return secretReference.transform((reference) => new NeededSecret(reference, rule));
}
