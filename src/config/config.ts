import type { SecretReference } from '../secrets/reference.js';
import type { Secret } from '../secrets/secret.js';
import type { ConfigFile } from './schema.js';

/**
 * `T` with its secret references resolved. An optional reference whose variable is unset has become `undefined`, and
 * inside lists it is left out.
 */
export type Resolved<T> = T extends SecretReference
  ? Secret
  : T extends readonly (infer U)[]
    ? Resolved<U>[]
    : T extends object
      ? { [K in keyof T]: SecretReference extends T[K] ? Secret | undefined : Resolved<T[K]> }
      : T;

/** The configuration that the whole process works with: read once, paths absolute, secrets resolved. */
export interface Config extends Omit<Resolved<ConfigFile>, 'server'> {
  /** These two secrets are always there: they have a place of their own in the data folder if nothing else is said. */
  readonly server: Resolved<ConfigFile['server']> & { readonly apiToken: Secret; readonly callbackKey: Secret };
  /** The configuration file, or undefined when none was found. */
  readonly file: string | undefined;
  /** Names of the secrets that this start generated, with the file each is kept in. */
  readonly generatedSecrets: readonly { readonly name: string; readonly path: string; readonly isNew: boolean }[];
  /** Of the Postgres that keeps the store; without it, the store is a file in the data folder. */
  readonly database?: Secret;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

export type Source = Config['sources'][string];

/** A source of one kind. */
export type SourceOf<K extends Source['kind']> = Extract<Source, { kind: K }>;

/** A source whose provider has repositories to clone. */
export type GitSource = Extract<Source, { clone: unknown }>;

export function isGitSource(source: Source): source is GitSource {
  return 'clone' in source;
}
