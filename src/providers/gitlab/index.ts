import type { GitProvider } from '../provider.js';
import { facts } from './facts.js';
import { type GitlabSource, settings } from './settings.js';
import { gitlab as webhook } from './webhook/index.js';
import { sign } from './webhook/sign.js';

/** GitLab, also self-hosted. */
export const gitlab = {
  facts,
  settings,
  webhook,
  sign,
  api: async (options) => (await import('./api/index.js')).createGitlabApi(options),
} satisfies GitProvider<GitlabSource>;
