import { z } from 'zod';
import type { Resolved } from '../../secrets/resolved.js';
import { chosenToken } from '../../secrets/secret-kinds.js';
import { ruleOf, withoutScheme } from '../../secrets/secret-rule.js';
import { anySecret, isSameInHeader } from '../constant-time.js';
import type { Provider } from '../provider.js';
import { headerName, namingSettings, webhookSettings } from '../settings.js';
import type { Signed, Unsigned } from '../sign.js';
import type { SourceHeaders, WebhookScheme } from '../webhook-scheme.js';
import { configurableScheme, namingHeaders } from './generic.js';

/** What stands in the header after `Bearer`. */
const senderToken = ruleOf(withoutScheme, chosenToken.judge);

const settings = z.strictObject({
  kind: z.literal('token'),
  ...webhookSettings(senderToken),
  header: headerName.default('authorization').describe('holds the token; a leading "Bearer " is taken off'),
  ...namingSettings,
});

type TokenSource = Resolved<z.output<typeof settings>>;

/** Any service that sends a token in a header. Nothing is signed: only use it over https. */
export const token = { facts: {}, settings, webhook, sign } satisfies Provider<TokenSource>;

function webhook(source: Omit<TokenSource, 'kind' | 'enabled'>): WebhookScheme {
  const header = source.header.toLowerCase();
  const given = (value: string | undefined) => value?.replace(/^Bearer /i, '') ?? '';
  const verifyHeaders = (headers: SourceHeaders) =>
    anySecret(source.secrets, (secret) => isSameInHeader(given(headers[header]), secret));
  return {
    ...configurableScheme(source, {
      provider: 'token',
      verifiedBy: `a token in \`${source.header}\`; nothing is signed, so only over https`,
      header,
    }),
    credentialHeaders: [header],
    isSigned: (headers) => given(headers[header]) !== '',
    verifyHeaders,
    verify: async ({ headers }) => verifyHeaders(headers),
  };
}

/** Returns the first token as it is: nothing is signed. */
function sign(source: Omit<TokenSource, 'secrets'>, unsigned: Unsigned): Signed {
  const header = source.header.toLowerCase();
  return {
    by: 0,
    headers: namingHeaders(source, unsigned),
    credential: { kind: header === 'authorization' ? 'bearer' : 'plain', header },
  };
}
