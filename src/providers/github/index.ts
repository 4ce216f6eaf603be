import type { GitProvider } from '../provider.js';
import { facts } from './facts.js';
import { type GithubSource, settings } from './settings.js';
import { github as webhook } from './webhook/index.js';
import { sign } from './webhook/sign.js';

/** GitHub, GitHub Enterprise Server and Enterprise Cloud. */
export const github = {
  facts,
  settings,
  webhook,
  sign,
  api: async (options) => (await import('./api/index.js')).createGithubApi(options),
} satisfies GitProvider<GithubSource>;
