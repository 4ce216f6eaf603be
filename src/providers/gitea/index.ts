import type { SourceApi } from '../api.js';
import type { ApiOptions, GitProvider } from '../provider.js';
import { forgejoFacts, giteaFacts, gogsFacts } from './facts.js';
import {
  type ForgejoSource,
  forgejoSettings,
  type GiteaFamilySource,
  type GiteaSource,
  type GogsSource,
  giteaSettings,
  gogsSettings,
} from './settings.js';
import { forgejo as forgejoWebhook, gitea as giteaWebhook, gogs as gogsWebhook } from './webhook/index.js';
import { sign } from './webhook/sign.js';

const api = async (options: ApiOptions<GiteaFamilySource>): Promise<SourceApi> =>
  (await import('./api/index.js')).createGiteaApi(options);

/** The provider `gitea`. */
export const gitea = {
  facts: giteaFacts,
  settings: giteaSettings,
  webhook: giteaWebhook,
  sign,
  api,
} satisfies GitProvider<GiteaSource>;

/** The provider `forgejo`. */
export const forgejo = {
  facts: forgejoFacts,
  settings: forgejoSettings,
  webhook: forgejoWebhook,
  sign,
  api,
} satisfies GitProvider<ForgejoSource>;

/** The provider `gogs`. */
export const gogs = {
  facts: gogsFacts,
  settings: gogsSettings,
  webhook: gogsWebhook,
  sign,
  api,
} satisfies GitProvider<GogsSource>;
