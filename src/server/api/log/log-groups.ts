import type { LogLine } from '../../../store/store.js';
import type { LogGroup } from '../contract/logs.js';

/** As GitHub Actions and Azure Pipelines write it. */
const BEGIN = /^(?:::group::|##\[group\])(.*)$/;
const END = /^(?:::endgroup::|##\[endgroup\])/;
/** As Buildkite reads it: `+++` is open. Go's tests begin lines in the same way. */
const TITLE = /^(---|\+\+\+|~~~) (?!(?:FAIL|PASS|SKIP|BENCH): )(\S.*)$/;

/**
 * Returns the groups that lines of output begin, by both kinds of markers. One ends at its end, at the next, or with its step. `isOpen`:
 * whether a group with this line is shown at once.
 */
export function groupsOf<L extends LogLine>(lines: readonly L[], isOpen: (line: L) => boolean): readonly LogGroup[] {
  const groups: LogGroup[] = [];
  let group:
    | { title: string; from: number; to: number; open: boolean; step: string; kind: 'ended' | 'titled' }
    | undefined;
  const end = () => {
    if (group && group.to > group.from) {
      const { title, from, to, open } = group;
      groups.push({ title, from, to, open });
    }
    group = undefined;
  };
  for (const [at, line] of lines.entries()) {
    const { text, number, stream, step = '', attempt } = line;
    const of = `${attempt} ${stream === 'note' ? 'note' : ''} ${step}`;
    if (group && group.step !== of) end();
    const [, begun] = BEGIN.exec(text) ?? [];
    const [, sign, title] = isTitle(lines, at) ? (TITLE.exec(text) ?? []) : [];
    if (stream === 'note') continue;
    if (begun !== undefined) {
      end();
      group = { title: begun.trim() || 'Group', from: number, to: number, open: false, step: of, kind: 'ended' };
    } else if (title !== undefined && group?.kind !== 'ended') {
      end();
      group = { title, from: number, to: number, open: sign === '+++', step: of, kind: 'titled' };
    } else if (END.test(text)) {
      if (group) group.to = number;
      end();
    } else if (group) group.to = number;
    if (group) group.open ||= isOpen(line);
  }
  end();
  return groups;
}

/** A diff has two such lines one after the other. */
function isTitle(lines: readonly LogLine[], at: number): boolean {
  const begins = (index: number, sign: string) => lines[index]?.text.startsWith(`${sign} `) === true;
  return !(begins(at, '---') && begins(at + 1, '+++')) && !(begins(at, '+++') && begins(at - 1, '---'));
}
