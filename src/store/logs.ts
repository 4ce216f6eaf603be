import type { Backend, LogRow } from './backend.js';
import type { LogLine, LogStore, NewLogLine } from './store.js';
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
      return rows.map(toLine);
    },
    extent: ({ workflowId, job }) => backend.call('logExtent', { workflowId, job }),
    async search({ workflowId, job }, { texts, ...options }) {
      const patterns = [...new Set(texts.flatMap(patternsOf))];
      const { rows, count } = await backend.call('searchLines', { job: { workflowId, job }, patterns, ...options });
      return { lines: rows.map(toLine), count };
    },
    jobs: (workflowId) => backend.call('listJobs', workflowId),
    prune: (options) => backend.call('pruneLines', options),
  };
}

function toLine({ step, ...always }: LogRow): LogLine {
  return { ...always, ...(step !== null && { step }) };
}

/** Databases know the case of ASCII letters alone, so other letters are looked for as they are, in lower and in upper case. */
function patternsOf(text: string): string[] {
  const cases = /^\p{ASCII}*$/u.test(text) ? [text] : [text, text.toLowerCase(), text.toUpperCase()];
  return cases.map((one) => `%${withoutNul(one).replace(/[\\%_]/g, '\\$&')}%`);
}

function printable({ at, stream, step, attempt, text }: NewLogLine): NewLogLine {
  return { at, stream, attempt, text: withoutNul(text), ...(step !== undefined && { step: withoutNul(step) }) };
}
