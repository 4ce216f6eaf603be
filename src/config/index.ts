import type { ConfigInput } from './schema.js';

/** What `hookyard.config.ts` imports: `hookyard/config`. */
export { command, env, file, generated, optionalEnv } from '../secrets/reference.js';
export type { ConfigInput } from './schema.js';

/**
 * Returns the configuration as it is, and gives it its type: an editor then completes and checks it.
 *
 * @example
 * import { defineConfig, env, generated } from 'hookyard/config';
 *
 * export default defineConfig({
 *   sources: {
 *     github: { kind: 'github', secrets: [env('GITHUB_WEBHOOK_SECRET', { otherwise: generated('github') })] },
 *   },
 * });
 */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}
