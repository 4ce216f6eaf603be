import type { Backend } from './backend.js';
import type { Lanes } from './store.js';
import { withoutNul } from './without-nul.js';

/** Returns the lanes over any database. */
export function createLanes(backend: Backend): Lanes {
  return {
    enter: (run) => backend.call('enterLane', run),
    leave: (workflowIds) => backend.call('leaveLanes', workflowIds),
    takeOut: (run) => backend.call('takeOut', run),
    stepAside: (workflowId) => backend.call('stepAside', workflowId),
    stepBack: (workflowId) => backend.call('stepBack', workflowId),
    toAskAbout: (options) => backend.call('holdersToAskAbout', options),
    list: (filter) => backend.call('listLanes', filter),
    setMode: (change) => backend.call('setLaneMode', signed(change)),
    moveAhead: (move) => backend.call('moveAhead', signed(move)),
    setLimit: (change) => backend.call('setLaneLimit', change),
  };
}

/** A person's words may hold whatever was pasted. */
function signed<T extends { readonly reason?: string | undefined }>(change: T): T {
  return change.reason === undefined ? change : { ...change, reason: withoutNul(change.reason) };
}
