import type { HookyardEvent } from '../events/event.js';
import type { RunOptions } from '../runs/options.js';
import type { Backend, NotBegunRow } from './backend.js';
import { toRunToTell } from './run-to-tell.js';
import type { Lanes, RunNotBegun, ToldRun } from './store.js';
import { withoutNul } from './without-nul.js';

/** Returns the lanes over any database. */
export function createLanes(backend: Backend): Lanes {
  return {
    enter: (run) => backend.call('enterLane', run),
    leave: (workflowIds) => backend.call('leaveLanes', workflowIds),
    takeOut: (run) => backend.call('takeOut', run),
    breakDeadlock: (look) => backend.call('breakDeadlock', look),
    letDue: () => backend.call('letDue', undefined),
    stepAside: (workflowId) => backend.call('stepAside', workflowId),
    stepBack: (workflowId) => backend.call('stepBack', workflowId),
    toAskAbout: (options) => backend.call('holdersToAskAbout', options),
    async notBegun({ limit, ...filter }) {
      const found: RunNotBegun[] = [];
      for (let { after } = filter; found.length < limit; ) {
        const most = limit - found.length;
        const rows = await backend.call('runsNotBegun', { ...filter, after, limit: most });
        // Nothing is left of those that were forgotten meanwhile: others take their places.
        found.push(...rows.flatMap(read));
        const last = rows.at(-1);
        if (!last || rows.length < most) break;
        after = last.arrived;
      }
      return found;
    },
    toTell: async (options) => (await backend.call('runsToTell', options)).map(toRunToTell),
    noteTold: (told) => backend.call('noteTold', told.map(printable)),
    list: (filter) => backend.call('listLanes', filter),
    setMode: (change) => backend.call('setLaneMode', signed(change)),
    moveAhead: (move) => backend.call('moveAhead', signed(move)),
    setLimit: (change) => backend.call('setLaneLimit', change),
  };
}

/** Returns a run with its event; none where that was forgotten. */
function read({ events, part, how, ...run }: NotBegunRow): RunNotBegun[] {
  const event = (JSON.parse(events) as HookyardEvent[])[part];
  const { again }: RunOptions = how === null ? {} : JSON.parse(how);
  return event ? [{ ...run, event, ...(again !== undefined && { again }) }] : [];
}

function printable({ workflowId, words }: ToldRun): ToldRun {
  return { workflowId, ...(words !== undefined && { words: withoutNul(words) }) };
}

/** A person's words may hold whatever was pasted. */
function signed<T extends { readonly reason?: string | undefined }>(change: T): T {
  return change.reason === undefined ? change : { ...change, reason: withoutNul(change.reason) };
}
