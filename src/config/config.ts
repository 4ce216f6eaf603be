import type { Resolved } from '../secrets/resolved.js';
import type { Secret } from '../secrets/secret.js';
import type { ConfigFile } from './schema.js';

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
