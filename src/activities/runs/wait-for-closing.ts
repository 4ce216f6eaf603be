import type { HookyardEvent } from '../../events/event.js';
import { MAX_OPEN_WAITS, type Store } from '../../store/store.js';
import { match } from '../../triggers/match.js';

/**
 * Returns what says whether a run waits for the closing of a pull request that a delivery tells of, or was given it already: that run
 * goes on with it.
 */
export async function waitingForClosing(
  { inbox, waits }: { readonly inbox: Pick<Store['inbox'], 'find'>; readonly waits: Pick<Store['waits'], 'list'> },
  { deliveryId, source }: { readonly deliveryId: string; readonly source: string },
): Promise<(workflowId: string) => Promise<boolean>> {
  const closings = (await inbox.find(deliveryId, { source }))?.events.filter(isClosing) ?? [];
  return async (workflowId) => {
    // Read first: what is open no more when it is looked at was given before that.
    const open = await waits.list({ workflowId, limit: MAX_OPEN_WAITS });
    const lets = open.some(({ on, ends }) => !ends && closings.some((event) => match({ on }, event).runs));
    if (lets || closings.length === 0) return lets;
    const given = (await inbox.find(deliveryId, { source }))?.given ?? [];
    return given.some((to) => to.workflowId === workflowId && !to.ends);
  };
}

function isClosing(event: HookyardEvent): boolean {
  return event.kind === 'pull_request' && event.action === 'closed';
}
