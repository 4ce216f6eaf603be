import type { GitProvider } from '../provider.js';
import { facts } from './facts.js';
import { type AzureDevopsSource, settings } from './settings.js';
import { credentialRemarks, gitUser } from './token-kind.js';
import { azureDevops as webhook } from './webhook/index.js';
import { sign } from './webhook/sign.js';

/** Azure DevOps Services and Azure DevOps Server. */
export const azureDevops = {
  facts,
  settings,
  webhook,
  sign,
  gitUser,
  credentialRemarks,
  api: async (options) => (await import('./api/index.js')).createAzureDevopsApi(options),
} satisfies GitProvider<AzureDevopsSource>;
