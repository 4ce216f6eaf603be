import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { hmacOf, hmacSignature } from '../hmac-signature.js';
import type { Provider } from '../provider.js';
import { headerName, namingSettings, webhookSettings } from '../settings.js';
import type { Signed, Unsigned } from '../sign.js';
import type { WebhookScheme } from '../webhook-scheme.js';
import { configurableScheme, namingHeaders } from './generic.js';

const settings = z.strictObject({
  kind: z.literal('hmac'),
  ...webhookSettings(),
  header: headerName.describe('holds the signature'),
  algorithm: z.enum(['sha256', 'sha384', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  prefix: z.string().max(50).default('').describe('before the signature, "sha256=" for example'),
  ...namingSettings,
});

type HmacSource = Resolved<z.output<typeof settings>>;

/** Any service that signs the raw body with an HMAC; where and how is configuration. */
export const hmac = { facts: {}, settings, webhook, sign } satisfies Provider<HmacSource>;

function webhook(source: Omit<HmacSource, 'kind' | 'enabled'>): WebhookScheme {
  const header = source.header.toLowerCase();
  return {
    ...configurableScheme(source, {
      provider: 'hmac',
      verifiedBy: `HMAC (${source.algorithm}, ${source.encoding}) of the body in \`${source.header}\``,
      header,
    }),
    credentialHeaders: [header],
    ...hmacSignature(source.secrets, { ...source, header }),
  };
}

/** Signs with the first secret. */
function sign(source: Omit<HmacSource, 'secrets'>, unsigned: Unsigned): Signed {
  const { body, secrets } = unsigned;
  const signature = `${source.prefix}${hmacOf(secrets[0] ?? '', source, body)}`;
  return { by: 0, headers: { ...namingHeaders(source, unsigned), [source.header.toLowerCase()]: signature } };
}
