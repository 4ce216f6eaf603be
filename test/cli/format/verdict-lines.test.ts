import { expect, test } from 'vitest';
import { verdictLines } from '../../../src/cli/format/verdict-lines.js';

test('what was filtered for one reason shares a line, and what started has its own', () => {
  const filtered = (automation: string, because: string) => ({ automation, outcome: 'filtered' as const, because });
  const many = Array.from({ length: 12 }, (_, i) => filtered(`a${i}`, 'listens to tag, and this is push'));
  expect(
    verdictLines([
      { automation: 'ci', outcome: 'start', because: 'push to main' },
      { automation: 'docs', outcome: 'start', because: 'push to main' },
      ...many,
      ...many,
      filtered('web', 'no path is included'),
    ]),
  ).toEqual([
    '  started   ci              push to main',
    '  started   docs            push to main',
    `  filtered  12 automations  listens to tag, and this is push: ${many.map(({ automation }) => automation).join(', ')}`,
    '  filtered  web             no path is included',
  ]);
});
