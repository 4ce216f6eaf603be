import { repositoryOf } from '../../../events/accessors.js';
import { isEdited } from '../../../events/edited-key.js';
import { isSynthesised } from '../../../events/synthesised-key.js';
import type { Hook } from '../../../providers/hooks-api.js';
import type { DeliveryRecord } from '../../../store/store.js';
import { hooksOfSource } from './plan-hook.js';

/** What proves that a repository's deliveries arrive, although it has no webhook of its own that leads here. */
export interface Proof {
  /** Our id of the delivery. */
  readonly delivery: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Whether the delivery itself says that its webhook stands above the repository. */
  readonly isFromAbove?: true;
}

/** A webhook that has sent nothing for so long may be gone. */
const FRESH_MS = 30 * 86_400_000;

/**
 * Returns the newest delivery about a repository that came through a webhook above it: of its organisation, its group, or
 * the whole server. All that is stored was verified. One that says itself that a repository's own webhook sent it proves
 * nothing, since that webhook is gone. `newest`: newest first.
 */
export function provenBy(newest: readonly DeliveryRecord[], { repository }: { repository: string }): Proof | undefined {
  const name = repository.toLowerCase();
  const found = newest.find(
    (delivery) =>
      delivery.receivedAt > Date.now() - FRESH_MS &&
      isSent(delivery) &&
      hookLevelOf(delivery) !== 'repository' &&
      delivery.events.some((event) => repositoryOf(event)?.fullName.toLowerCase() === name),
  );
  if (!found) return undefined;
  const isFromAbove = hookLevelOf(found) !== undefined || found.eventName === 'System Hook';
  return {
    delivery: found.id,
    at: new Date(found.receivedAt).toISOString(),
    ...(isFromAbove && { isFromAbove: true as const }),
  };
}

/**
 * Returns the webhook of the repository's own that leads to the source at another address, where that may have sent the
 * proof: most providers' deliveries do not tell which webhook has.
 */
export function mayHaveSent(own: readonly Hook[], source: string, { isFromAbove }: Proof): Hook | undefined {
  return isFromAbove ? undefined : hooksOfSource(own, source)[0];
}

/** Says for people what the proof is. `other`: where the webhook leads that {@link mayHaveSent} it. */
export function proofInWords({ delivery, at }: Proof, other?: string): string {
  if (other !== undefined)
    return `deliveries of it arrive, the last at ${at}, ${delivery}; its own webhook to ${other} may send them`;
  return `deliveries of it arrive through a webhook above it (of its organisation or group, or of the server): the last at ${at}, ${delivery}`;
}

/** Hookyard's own events, runs by hand and what somebody edited came through no webhook. */
function isSent(delivery: DeliveryRecord): boolean {
  return !isSynthesised(delivery) && !isEdited(delivery) && delivery.eventName !== 'manual';
}

/** Returns at what a webhook stands, where its deliveries name that: GitHub's do, and newer Gitea's. */
function hookLevelOf({ headers }: DeliveryRecord): string | undefined {
  const level =
    headers?.['x-github-hook-installation-target-type'] ?? headers?.['x-gitea-hook-installation-target-type'];
  return level?.toLowerCase();
}
