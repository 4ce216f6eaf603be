import { afterEach, expect, test } from 'vitest';
import { runnerFindings } from '../../../../src/cli/client/doctor/runner-findings.js';
import { inSandbox } from '../../../support/harness/needs-sandbox.js';

const { PATH } = process.env;
const of = (runner: 'host' | 'sandbox') => runnerFindings({ jobs: { runner } as never });

afterEach(() => {
  process.env.PATH = PATH;
});

inSandbox('where bubblewrap works', () => {
  test('both runners are fine, and for what', async () => {
    expect(await of('host')).toEqual([
      { level: 'ok', says: "host: the repository's own code runs as the worker's user" },
      { level: 'ok', says: "sandbox: bubblewrap works here, for a stranger's code" },
    ]);
  });
});

test('where it is not installed, what does not run is told, and what to install', async () => {
  process.env.PATH = '/nonexistent';
  const advice = 'Install bubblewrap (apt-get install bubblewrap, dnf install bubblewrap)';
  expect((await of('host'))[1]).toEqual({
    level: 'warn',
    says: 'sandbox: the code of forks and merge queues does not run here, since the program bwrap is not installed',
    advice,
  });
  expect((await of('sandbox'))[1]).toEqual({
    level: 'problem',
    says: 'sandbox: no job runs here, since jobs.runner wants one and the program bwrap is not installed',
    advice,
  });
});
