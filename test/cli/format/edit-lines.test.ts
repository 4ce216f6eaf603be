import { expect, test } from 'vitest';
import { editLines } from '../../../src/cli/format/edit-lines.js';
import { edited } from '../../server/page/sample-answers.js';

test('what would become of an edited payload stands above what becomes of what was received', () => {
  const { refused: _, ...judged } = edited.judged;
  const lines = editLines({ ...judged, edited: { ...judged.edited, verdicts: [] } });
  expect(lines.slice(0, 4)).toEqual([
    `Edited    ${judged.delivery} of source github; nothing is stored or started`,
    'Payload differs in',
    '  ~ ref: "refs/heads/main" → "refs/heads/other"',
    'Says      push to other',
  ]);
  expect(lines).toContain('Ignored   it is a loop');
  expect(lines).toContain('Verdicts of what was received');
  expect(lines.at(-1)).toBe(`Start     npx hookyard replay ${judged.delivery} --file <payload>`);
  expect(editLines(edited.judged).at(-1)).toBe('Start     not possible: the commit would be another');
});
