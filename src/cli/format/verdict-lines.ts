import type { AnsweredVerdict } from '../../server/api/contract.js';
import { harmless, paint } from './paint.js';

/**
 * Formats a line for each verdict: started, skipped or filtered, and why; those that were filtered for one reason share
 * a line. `started` is the word for the first.
 */
export function verdictLines(verdicts: readonly AnsweredVerdict[], started = 'started'): string[] {
  const words = { start: started, skip: 'skipped', filtered: 'filtered' };
  const groups = grouped(verdicts);
  const labels = groups.map(({ automations }) =>
    automations.length > 1 ? `${automations.length} automations` : (automations[0] ?? ''),
  );
  const width = Math.max(0, ...labels.map(({ length }) => length));
  return groups.map(({ automations, outcome, because }, i) => {
    const mark = paint(outcome === 'start' ? 'green' : 'gray', words[outcome].padEnd(Math.max(8, started.length)));
    const names = automations.length > 1 ? `: ${automations.join(', ')}` : '';
    return `  ${mark}  ${(labels[i] ?? '').padEnd(width)}  ${harmless(`${because}${names}`)}`;
  });
}

interface Group extends Pick<AnsweredVerdict, 'outcome' | 'because'> {
  readonly automations: readonly string[];
}

/** In the order of the first of each. A delivery of many refs has a verdict for each of them. */
function grouped(verdicts: readonly AnsweredVerdict[]): readonly Group[] {
  const groups: (Group & { readonly automations: string[] })[] = [];
  for (const { automation, outcome, because } of verdicts) {
    const same = groups.find(
      (group) => outcome === 'filtered' && group.outcome === outcome && group.because === because,
    );
    if (!same) groups.push({ automations: [automation], outcome, because });
    else if (!same.automations.includes(automation)) same.automations.push(automation);
  }
  return groups;
}
