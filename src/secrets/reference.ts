import { z } from 'zod';
import type { SecretRule } from './secret-rule.js';

/** Says where a secret is found. The configuration file holds references and never values, so it can be committed. */
export type SecretReference = EnvReference | FileReference | GeneratedReference;

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

const referenceHelp = "a secret is named, not written: env('NAME'), file('/path') or generated('name')";

const secretReference: z.ZodType<SecretReference, SecretReference> = z.lazy(() =>
  z.union(
    [
      z.strictObject({
        env: z.string().min(1),
        otherwise: secretReference.optional(),
        optional: z.boolean().optional(),
      }),
      z.strictObject({ file: z.string().min(1) }),
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
