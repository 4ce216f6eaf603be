import type { Backend, LogRow } from './backend.js';
import type { LogStore, NewLogLine } from './store.js';
import { withoutNul } from './without-nul.js';

/** Returns the logs over any database. Lines hold no NUL, see {@link withoutNul}. */
export function createLogStore(backend: Backend): LogStore {
  return {
    append({ workflowId, job }, lines) {
      const clean = lines.map(printable);
      const bytes = clean.reduce((sum, { text }) => sum + text.length, 0);
      return backend.call('appendLines', { job: { workflowId, job }, lines: clean }, { bytes });
    },
    async read({ workflowId, job }, options) {
      const rows = await backend.call('readLines', { job: { workflowId, job }, ...options });
      return rows.map(({ step, ...always }: LogRow) => ({ ...always, ...(step !== null && { step }) }));
    },
    jobs: (workflowId) => backend.call('listJobs', workflowId),
    prune: (options) => backend.call('pruneLines', options),
  };
}

function printable({ at, stream, step, attempt, text }: NewLogLine): NewLogLine {
  return { at, stream, attempt, text: withoutNul(text), ...(step !== undefined && { step: withoutNul(step) }) };
}
