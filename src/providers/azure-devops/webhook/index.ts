import { z } from 'zod';
import { withoutSlash } from '../../api-base.js';
import { basicAuth } from '../../basic-auth.js';
import { idInField, jsonBody, neededField } from '../../delivery-fields.js';
import { GIT_EVENTS, type ParsedDelivery, type WebhookScheme } from '../../webhook-scheme.js';
import type { AzureDevopsSource } from '../settings.js';
import { createNormalise } from './normalise.js';

/**
 * Returns the scheme of Azure DevOps' service hooks, of the cloud and of a server. Nothing is signed: only use it over
 * https.
 * Source: https://learn.microsoft.com/azure/devops/service-hooks/events
 */
export function azureDevops(source: Pick<AzureDevopsSource, 'username' | 'secrets' | 'url'>): WebhookScheme {
  return {
    capabilities: {
      verifiedBy: 'Basic authentication with `username`; nothing is signed, so only over https',
      key: '`subscriptionId` and `notificationId`, and the body',
      events: GIT_EVENTS,
    },
    singletonHeaders: ['authorization', 'content-type'],
    // How large bodies get is not documented.
    maxBodyBytes: 25 * 1024 * 1024,
    ...basicAuth(source),
    parse: jsonBody,
    eventName: ({ payload }) => neededField(payload, 'eventType'),
    deliveryKey,
    repeatedBody: ({ payload }) => (identifiedSchema.safeParse(payload).success ? 'inbox' : undefined),
    normalise: createNormalise(withoutSlash(source.url)),
  };
}

const keySchema = z.object({
  subscriptionId: z.string().regex(/^[\w-]{1,64}$/),
  notificationId: z.union([z.int(), z.string().regex(/^\d{1,30}$/)]),
});

/** A body with the event's own id is that of no other event. */
const identifiedSchema = z.object({ id: z.string().min(1) });

/** Notifications are numbered per subscription, and a retry keeps the number. The field `id` is that of the event. */
function deliveryKey({ payload }: ParsedDelivery): string | undefined {
  const { data } = keySchema.safeParse(payload);
  return data ? `${data.subscriptionId}:${data.notificationId}` : idInField(payload, 'id');
}
