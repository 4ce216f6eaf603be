import type { Backend } from './backend.js';
import { packed } from './packed-verdicts.js';
import type { Forgetting } from './store.js';

/** What stands in a delivery's row once it was forgotten. */
const BLANK = {
  headers: '{}',
  events: '[]',
  verdicts: JSON.stringify(packed([])),
  ignored: 'it was forgotten',
} as const;

/** Returns what removes things from any database. */
export function createForgetting(backend: Backend): Forgetting {
  return {
    delivery: (id) => backend.call('forgetDelivery', { id, blank: BLANK }),
    run: (workflowId, { limit, dryRun = false }) => backend.call('forgetRun', { workflowId, limit, dryRun }),
    lanes: (lanes) => backend.call('forgetLanes', lanes),
    async records(page) {
      const rows = await backend.call('scanRecords', page);
      return rows.map(({ data, run, ...row }) => ({ ...row, data: JSON.parse(data), ...(run !== null && { run }) }));
    },
  };
}
