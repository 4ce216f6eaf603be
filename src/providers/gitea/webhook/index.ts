import { idInHeader, neededHeader } from '../../delivery-fields.js';
import { parse } from '../../github/webhook/parse.js';
import { GIT_EVENTS, type ParsedDelivery, type WebhookScheme } from '../../webhook-scheme.js';
import type { GiteaFamilySource } from '../settings.js';
import { normalise } from './normalise.js';
import { payloadSignature } from './signature.js';

/** Gogs has no reviews, and its pull requests name no commit, without which they are ignored. */
const GOGS_EVENTS = ['push', 'tag', 'branch_deleted', 'tag_deleted', 'comment', 'release'] as const;

/** `x-gitea` as the provider writes it. */
const headerName = (prefix: string) => prefix.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

type Secrets = Pick<GiteaFamilySource, 'secrets'>;

/**
 * Returns the scheme of Gitea, Forgejo or Gogs, which differ in the names of their headers. They also send each
 * other's and GitHub's headers, which are ignored. Without a secret they send an empty signature, which counts as none.
 *
 * Sources: https://docs.gitea.com/usage/webhooks, https://forgejo.org/docs/latest/user/webhooks/,
 * https://gogs.io/advancing/webhooks
 */
const family = (provider: GiteaFamilySource['kind'], prefix: string) => {
  const signatureHeader = `${prefix}-signature`;
  return ({ secrets }: Secrets): WebhookScheme => ({
    capabilities: {
      verifiedBy: `HMAC-SHA256 of the body in \`${headerName(prefix)}-Signature\``,
      key: `\`${headerName(prefix)}-Delivery\``,
      events: provider === 'gogs' ? GOGS_EVENTS : [...GIT_EVENTS, 'release'],
    },
    singletonHeaders: [
      signatureHeader,
      `${prefix}-event`,
      `${prefix}-event-type`,
      `${prefix}-delivery`,
      'content-type',
    ],
    maxBodyBytes: 25 * 1024 * 1024,
    ...payloadSignature(secrets, { header: signatureHeader }),
    parse,
    eventName: (delivery) => eventNameOf(delivery, `${prefix}-event`),
    deliveryKey: (delivery) => idInHeader(delivery, `${prefix}-delivery`),
    normalise: (payload, eventName, context) => normalise(payload, eventName, { ...context, provider }),
  });
};

/**
 * Returns the event's name. Some versions of Gitea leave the header empty for packages and statuses, which only the header of
 * the exact type names. Source: https://github.com/go-gitea/gitea/issues/33244
 */
function eventNameOf(delivery: ParsedDelivery, header: string): string {
  const type = `${header}-type`;
  return neededHeader(delivery, !delivery.headers[header] && delivery.headers[type] ? type : header);
}

/** Returns the scheme of a source of Gitea. */
export const gitea = family('gitea', 'x-gitea');
/** Returns the scheme of a source of Forgejo. */
export const forgejo = family('forgejo', 'x-forgejo');
/** Returns the scheme of a source of Gogs. */
export const gogs = family('gogs', 'x-gogs');
