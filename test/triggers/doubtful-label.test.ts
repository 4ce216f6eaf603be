import { expect, test } from 'vitest';
import { compare } from '../../src/catalog/compare-with-config.js';
import { doubtOfLabel } from '../../src/triggers/doubtful-label.js';
import { pullRequest } from '../../src/triggers/index.js';

test.each(['area/*', '!wip', '{bug,fix}', '**'])('%s is told to be no pattern where labels are', (label) => {
  expect(doubtOfLabel(label)).toContain('a label of that very name');
});

test('several labels in one text are told', () => {
  expect(doubtOfLabel('bug,help wanted')).toContain('did you mean "bug", "help wanted"?');
});

test.each(['ready', 'area/api', 'kind::bug', 'good first issue', '🚀 [ship] it!', 'C++ (core)', 'a+b,', 'ready?'])(
  '%s is plain',
  (label) => expect(doubtOfLabel(label)).toBeUndefined(),
);

test('they are told at load, of both options', async () => {
  const on = [pullRequest({ labels: ['deploy*'], allLabels: ['ready', '!wip'] })];
  const { filename: file } = import.meta;
  const report = { file, automations: [{ name: 'ci', on }], functions: [], problems: [], names: [] };
  const { warnings, problems } = await compare(report as never, undefined);
  expect(problems).toEqual([]);
  expect(warnings).toEqual([
    expect.stringContaining('labels: "deploy*" is taken for a label of that very name'),
    expect.stringContaining('allLabels: "!wip" is taken for a label of that very name'),
  ]);
});
