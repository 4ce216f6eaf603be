import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { basicAuth } from '../basic-auth.js';
import type { Provider } from '../provider.js';
import { namingSettings, webhookSettings } from '../settings.js';
import type { WebhookScheme } from '../webhook-scheme.js';
import { configurableScheme } from './generic.js';

const settings = z.strictObject({
  kind: z.literal('basic'),
  ...webhookSettings(),
  username: z.string().min(1).describe('the secrets are its passwords'),
  ...namingSettings,
});

type BasicSource = Resolved<z.output<typeof settings>>;

/** Any service that sends Basic authentication. Nothing is signed: only use it over https. */
export const basic = { facts: {}, settings, webhook } satisfies Provider<BasicSource>;

function webhook(source: Omit<BasicSource, 'kind' | 'enabled'>): WebhookScheme {
  return {
    ...configurableScheme(source, {
      provider: 'basic',
      verifiedBy: 'Basic authentication; nothing is signed, so only over https',
      header: 'authorization',
    }),
    ...basicAuth(source),
  };
}
