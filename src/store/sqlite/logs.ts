import type { LogStore, NewLogLine } from '../store.js';
import type { LogRow } from './operations/logs.js';
import type { ThreadClient } from './thread-client.js';
import { withoutNul } from './without-nul.js';

/** The logs' side of the thread. Lines hold no NUL, see {@link withoutNul}. */
export function createLogStore(thread: ThreadClient): LogStore {
  return {
    append({ workflowId, job }, lines) {
      const clean = lines.map(printable);
      const bytes = clean.reduce((sum, { text }) => sum + text.length, 0);
      return thread.call('appendLines', { job: { workflowId, job }, lines: clean }, { bytes });
    },
    async read({ workflowId, job }, options) {
      const rows = await thread.call('readLines', { job: { workflowId, job }, ...options });
      return rows.map(({ step, ...always }: LogRow) => ({ ...always, ...(step !== null && { step }) }));
    },
    jobs: (workflowId) => thread.call('listJobs', workflowId),
    prune: (options) => thread.call('pruneLines', options),
  };
}

function printable({ at, stream, step, attempt, text }: NewLogLine): NewLogLine {
  return { at, stream, attempt, text: withoutNul(text), ...(step !== undefined && { step: withoutNul(step) }) };
}
