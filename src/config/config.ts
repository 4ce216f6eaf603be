import type { Resolved } from '../secrets/resolved.js';
import type { Secret } from '../secrets/secret.js';
import type { ConfigFile } from './schema.js';

/** The configuration that the whole process works with: read once, paths absolute, secrets resolved. */
export interface Config extends Omit<Resolved<ConfigFile>, 'server'> {
  /** `settled`: what became of `runner: 'auto'`, where it was asked for and settled. */
  readonly jobs: Resolved<ConfigFile['jobs']> & { readonly settled?: SettledRunner };
  /** `apiToken` and `callbackKey` are never unset: by default they are generated and kept in the data folder. */
  readonly server: Resolved<ConfigFile['server']> & { readonly apiToken: Secret; readonly callbackKey: Secret };
  /** Path of the configuration file. Undefined when none was found. */
  readonly file: string | undefined;
  /** The secrets that are generated, each with its file and whether this start made it. */
  readonly generatedSecrets: readonly { readonly name: string; readonly path: string; readonly isNew: boolean }[];
  /** Paths of the files that secrets are read from. Absent where nobody has read any. */
  readonly secretFiles?: readonly string[];
  /** What a person should know of it although it can be used, a line each. */
  readonly warnings: readonly string[];
  /** URL of the Postgres database that keeps the store. Absent when the store is a file in the data folder. */
  readonly database?: Secret;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

/** Where own code runs on this machine by `jobs.runner: 'auto'`. */
export interface SettledRunner {
  readonly runner: 'sandbox' | 'host';
  /** What keeps a sandbox from being made here; of `sandbox`: what has kept it for now, which may pass. */
  readonly because?: string;
  readonly advice?: string;
}
