import { readStepNote } from '../../../activities/contract/step-notes.js';
import type { JobKey, LogLine, LogStore } from '../../../store/store.js';
import type { LogStep } from '../contract/logs.js';

/** What Hookyard says of one job is less than this, unless it runs again and again: the first is read then. */
const MAX_NOTES = 2_000;

/** Returns what Hookyard itself says in a job's log. */
export function readNotes(logs: Pick<LogStore, 'read'>, key: JobKey): Promise<readonly LogLine[]> {
  return logs.read(key, { after: 0, limit: MAX_NOTES, notes: true });
}

/** Returns the steps that notes tell of, in the order in which they began. One that is found failing after its end has failed. */
export function stepsOf(notes: readonly LogLine[]): readonly LogStep[] {
  const steps: LogStep[] = [];
  for (const { text, number: line, at } of notes) {
    const note = readStepNote(text);
    if (note?.kind === 'begun') {
      const { number, name, attempt } = note;
      steps.push({ ...{ number, name, attempt }, from: line, startedAt: at, state: 'running' });
    } else if (note) {
      const index = steps.findLastIndex(({ name }) => name === note.name);
      const step = steps[index];
      if (!step) continue;
      const isSecond = step.to !== undefined;
      if (isSecond && note.outcome !== 'failed') continue;
      const ended = isSecond ? {} : { endedAt: at };
      steps[index] = { ...step, to: line, ...ended, state: note.outcome, said: note.said };
    }
  }
  return steps;
}
