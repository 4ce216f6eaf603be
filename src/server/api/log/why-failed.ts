import type { LogStore } from '../../../store/store.js';
import type { TimelineEntry, WholeRunAnswer } from '../contract.js';
import { seenText } from './ansi.js';
import { failingLine } from './failing-line.js';
import { readNotes, stepsOf } from './log-steps.js';

/** Jobs of a run that are looked into: one whose step passed when it was tried again says nothing. */
const MAX_JOBS = 3;
/** In characters: what is wrong is said at a line's beginning. */
const MAX_TEXT = 2_000;

/**
 * Returns the line that says in a log what is wrong, of the first job that has failed; undefined where none says so, and where tests have
 * failed, which say more. `jobs`: those that have a log.
 */
export async function whyFailed(
  logs: Pick<LogStore, 'read' | 'search'>,
  of: { readonly run: string; readonly timeline: readonly TimelineEntry[]; readonly jobs: readonly string[] },
): Promise<WholeRunAnswer['failing']> {
  const { run, timeline, jobs } = of;
  const failed = timeline.filter(({ kind, state }) => kind === 'step' && state === 'failed');
  if (failed.some(({ step }) => step?.tests?.cases.some(({ outcome }) => outcome === 'failed'))) return undefined;
  const known = [...new Set(failed.map(({ job = '' }) => job))].filter((job) => jobs.includes(job));
  for (const job of known.slice(0, MAX_JOBS)) {
    const key = { workflowId: run, job };
    const notes = await readNotes(logs, key);
    const found = await failingLine(logs, key, { steps: stepsOf(notes), notes });
    if (!found || found.by === 'end') continue;
    const [line] = await logs.read(key, { after: found.line - 1, limit: 1 });
    if (line) return { job, ...found, text: seenText(line.text).slice(0, MAX_TEXT) };
  }
  return undefined;
}
