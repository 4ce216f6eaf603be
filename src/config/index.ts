import type { ConfigInput } from './schema.js';

/** What `hookyard.config.ts` imports: `hookyard/config`. */
export { env, file, generated, optionalEnv } from '../secrets/reference.js';
export type { ConfigInput } from './schema.js';

/** Gives the configuration its type; the value is passed on as it is. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
