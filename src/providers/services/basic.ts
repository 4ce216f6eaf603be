import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { basicAuth } from '../basic-auth.js';
import type { Provider } from '../provider.js';
import { namingSettings, webhookSettings } from '../settings.js';
import type { Signed, Unsigned } from '../sign.js';
import type { WebhookScheme } from '../webhook-scheme.js';
import { configurableScheme, namingHeaders } from './generic.js';

const settings = z.strictObject({
  kind: z.literal('basic'),
  ...webhookSettings(),
  username: z.string().min(1).describe('the secrets are its passwords'),
  ...namingSettings,
});

type BasicSource = Resolved<z.output<typeof settings>>;

/** Any service that sends Basic authentication. Nothing is signed: only use it over https. */
export const basic = { facts: {}, settings, webhook, sign } satisfies Provider<BasicSource>;

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

/** Returns the first password's credentials: nothing is signed. */
function sign(source: Omit<BasicSource, 'secrets'>, unsigned: Unsigned): Signed {
  const { username } = source;
  return {
    by: 0,
    headers: namingHeaders(source, unsigned),
    credential: { kind: 'basic', header: 'authorization', username },
  };
}
