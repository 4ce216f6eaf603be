import type { HookyardEvent } from '../events/event.js';
import type { Automation } from '../triggers/automation.js';
import type { StatusTrigger } from '../triggers/kinds/status.js';
import { match } from '../triggers/match.js';

/**
 * How many of the branches that have a commit GitHub's `status` lists at most; no other payload lists any. Source:
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#status
 */
const MAX_LISTED = 10;

/**
 * Returns what is added to the sentence about a status that `branches` alone keeps from an automation, where the commit may
 * be on more branches than its payload lists; an empty text for any other. It starts nothing all the same: in doubt a commit
 * is not on the branch that an automation asks for.
 */
export function unlistedBranches({ on }: Pick<Automation, 'on'>, event: HookyardEvent): string {
  if (event.kind !== 'status' || (event.branches?.length ?? 0) < MAX_LISTED) return '';
  const ofAny = on.flatMap((trigger) => (trigger.kind === 'status' ? [ofAnyBranch(trigger)] : []));
  if (!match({ on: ofAny }, event).runs) return '';
  return `; no more than ${MAX_LISTED} of a commit's branches are told, and it may be on others`;
}

function ofAnyBranch({ branches: _, ...others }: StatusTrigger): StatusTrigger {
  return others;
}
