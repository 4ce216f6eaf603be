import { z } from 'zod';
import type { HookLog, HookLogs } from '../../hooks-api.js';
import { checkedId } from '../../names.js';
import type { AzureConnection } from './connection.js';
import { listOf } from './connection.js';

/** How many failed notifications of a subscription are read. There are no pages; a list that is cut is marked so. */
const MAX_NOTIFICATIONS = 1_000;
/** A subscription on probation is retried for up to 15 hours; what is pending as long is listed as failed only then. */
const TRIES_HOURS = 16;

const subscriptionId = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);

const subscriptionSchema = z.object({
  id: subscriptionId,
  consumerInputs: z.object({ url: z.string().nullish() }).nullish(),
  /** `enabled`, `onProbation`, `disabledByUser`, `disabledBySystem` or `disabledByInactiveIdentity`. */
  status: z.string().nullish(),
});

/** Why Azure DevOps itself drops events, by status. What a user has disabled is meant to be off. */
const DROPPING: Readonly<Record<string, string>> = {
  onProbation: 'Azure DevOps has it on probation after failures, and drops new events',
  disabledBySystem: 'Azure DevOps has disabled it after failures, and drops new events: enable it again',
  disabledByInactiveIdentity:
    'Azure DevOps has disabled it, because its owner is inactive or may not read: enable it again',
};

const notificationSchema = z.object({
  id: z.int(),
  createdDate: z.iso.datetime({ offset: true }),
  /** `pending`, `succeeded`, `failed` or `filtered`. */
  result: z.string().nullish(),
});

const contentSchema = z.object({
  id: z.int(),
  subscriptionId,
  details: z.object({ event: z.looseObject({ eventType: z.string() }).nullish() }).nullish(),
});

/**
 * Returns the service hooks of an organisation that go to web addresses, with their failed notifications of the last
 * seven days. Azure DevOps can't be asked to send one again, but shows what it held.
 *
 * Source: https://learn.microsoft.com/rest/api/azure/devops/hooks/notifications
 */
export function azureHooks(connection: AzureConnection): HookLogs {
  return {
    async list() {
      const request = { path: '/_apis/hooks/subscriptions', query: { consumerId: 'webHooks' } };
      const { value } = await connection.get(request, listOf(subscriptionSchema), 'list of subscriptions');
      return value.map(({ id, consumerInputs, status }) => {
        const dropping = DROPPING[status ?? ''];
        return { id, url: consumerInputs?.url ?? '', ...(dropping && { dropping }) };
      });
    },
    log: (id) => hookLog(connection, subscriptionId.parse(id)),
  };
}

function hookLog(connection: AzureConnection, subscription: string): HookLog {
  const path = `/_apis/hooks/subscriptions/${subscription}/notifications`;
  return {
    days: 7,
    triesHours: TRIES_HOURS,
    async page() {
      const request = { path, query: { result: 'failed', maxResults: MAX_NOTIFICATIONS } };
      const { value } = await connection.get(request, listOf(notificationSchema), 'list of notifications');
      // What is pending is still being tried, and what was filtered was not meant to be sent.
      const failed = value.filter(({ result }) => result === 'failed');
      const attempts = failed.map(({ id, createdDate }) => ({
        id: String(id),
        // The same key as the receiver makes from the payload.
        key: `${subscription}:${id}`,
        at: new Date(createdDate).toISOString(),
        ok: false,
      }));
      return {
        attempts: attempts.sort((a, b) => b.at.localeCompare(a.at)),
        ...(value.length >= MAX_NOTIFICATIONS && { cut: true }),
      };
    },
    /** A payload consists of the event's fields and the ids of the subscription and the notification. */
    async content(attempt) {
      const request = { path: `${path}/${checkedId(attempt)}` };
      const read = await connection.get(request, contentSchema, 'notification');
      const event = read.details?.event;
      if (!event) return undefined;
      return JSON.stringify({ subscriptionId: read.subscriptionId, notificationId: read.id, ...event });
    },
  };
}
