import { automation, hashFiles, matrix, push, runJob } from 'hookyard/workflow';

/**
 * Tests what `hookyard demo` commits in two time zones at once, with a commit status each. What the tests print in the form TAP
 * tells which of them failed, and where; their report is kept beside the run for a week. A zone that fails leaves the other at work.
 * What npm has fetched is there again the next time.
 */
export const zones = automation(
  { on: push({ repositories: ['hookyard/demo'], branches: ['main'] }) },
  async (event) => {
    await matrix(
      { zone: ['UTC', 'Asia/Tokyo'] },
      ({ zone }) =>
        runJob(event, {
          name: 'test',
          env: { TZ: zone },
          cache: { key: ['npm', hashFiles('package-lock.json')], paths: ['~/.npm'] },
          steps: ['npm ci', { name: 'tests', run: 'npm test', tests: 'tap' }],
          artifacts: { name: 'tests', paths: ['tests.xml'], expires: '7 days' },
        }),
      { failFast: false },
    );
  },
);
