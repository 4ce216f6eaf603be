import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { chooseRunner } from '../../../../src/activities/job/runners/choose-runner.js';
import type { Missing } from '../../../../src/activities/job/runners/sandbox/requirements.js';
import { settleRunner } from '../../../../src/activities/job/runners/settle-runner.js';
import { configOf } from '../../../support/harness/config.js';
import { tempFolder } from '../../../support/temp-folder.js';

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

const config = (jobs: object) =>
  configOf({ sources: { github: { kind: 'github', secrets: [{ env: 'A' }] } }, jobs }, { A: 'a' });
const can = async () => undefined;
const cannot = async () => ({ because: 'the program slirp4netns is not installed' });
const OWN = { source: 'github', repository: 'acme/app', sha: 'a'.repeat(40), ref: 'refs/heads/main' };
const FORKS = { ...OWN, untrusted: true as const };

test.each([
  ['own code has a sandbox with network where one can be made', can, {}, { kind: 'sandbox', network: true }],
  ['own code runs on the host where none can', cannot, {}, { kind: 'host', network: true }],
  ['own code has none where the configuration says so', can, { network: 'none' }, { kind: 'sandbox', network: false }],
  ['who may have network stays', can, { network: 'all' }, { kind: 'sandbox', network: true }],
] as const)('with auto %s', async (_, whyNot, more, chosen) => {
  const settled = await settleRunner(config({ runner: 'auto', ...more }), { whyNot });
  expect(chooseRunner(settled, { checkout: OWN })).toEqual(chosen);
  expect(chooseRunner(settled, { checkout: OWN, runner: 'host' }).kind).toBe('host');
});

test('by auto no job has network that names where it runs, or wants none', async () => {
  const settled = await settleRunner(config({ runner: 'auto' }), { whyNot: can });
  const has = (more: object) => chooseRunner(settled, { checkout: OWN, ...more }).network;
  expect([
    has({}),
    has({ runner: 'sandbox' }),
    has({ runner: { image: 'node:22' } }),
    has({ network: false }),
    has({ runner: 'sandbox', network: true }),
  ]).toEqual([true, false, false, false, true]);
});

test.each([
  ['passes', 2, { runner: 'sandbox' }],
  ['does not pass soon', 9, { runner: 'sandbox', because: 'no answer' }],
] as const)(
  'what may pass never has own code run on the host: it is tried again, where it %s',
  async (_, times, told) => {
    let tries = 0;
    const whyNot = async (): Promise<Missing | undefined> =>
      tries++ < times ? { because: 'no answer', isPassing: true } : undefined;
    const { jobs } = await settleRunner(config({ runner: 'auto' }), { whyNot, pauseMs: 0 });
    expect([jobs.settled, jobs.runner, tries]).toEqual([told, 'sandbox', 3]);
  },
);

test('what a machine lacks for good is tried once, and kept with what helps', async () => {
  let tries = 0;
  const lack = { because: 'the program slirp4netns is not installed', advice: 'Install slirp4netns' };
  const whyNot = async () => {
    tries += 1;
    return lack;
  };
  const { jobs } = await settleRunner(config({ runner: 'auto' }), { whyNot });
  expect([jobs.settled, jobs.runner, tries]).toEqual([{ runner: 'host', ...lack }, 'host', 1]);
});

test.each([
  ['Resource temporarily unavailable', 'sandbox', 3],
  ['Operation not permitted', 'host', 1],
] as const)('where bubblewrap says %s, own code runs here: %s', async (says, runner, tries) => {
  const folder = await tempFolder('busy');
  const script = `#!/bin/sh
[ "$1" = --version ] && { echo bubblewrap 0.9.0; exit; }
echo tried >> ${folder}/tries
echo 'bwrap: Creating new namespace failed: ${says}' >&2
exit 1`;
  await writeFile(join(folder, 'bwrap'), script);
  // Their being there is all that matters here.
  for (const name of ['nsenter', 'prlimit']) await writeFile(join(folder, name), '#!/bin/sh\n');
  for (const name of ['bwrap', 'nsenter', 'prlimit']) await chmod(join(folder, name), 0o755);
  process.env.PATH = `${folder}:${PATH}`;
  const { jobs } = await settleRunner(config({ runner: 'auto', network: 'none' }), { pauseMs: 0 });
  expect(jobs.settled).toMatchObject({ runner, because: expect.stringContaining(says) });
  expect((await readFile(join(folder, 'tries'), 'utf8')).trim().split('\n')).toHaveLength(tries);
});

test.each([can, cannot])(
  "with auto a stranger's code runs in a sandbox without network, or not at all",
  async (whyNot) => {
    const settled = await settleRunner(config({ runner: 'auto' }), { whyNot });
    expect(chooseRunner(settled, { checkout: FORKS })).toEqual({ kind: 'sandbox', network: false });
  },
);

test.each(['host', 'sandbox', 'container'] as const)('%s stays what it is, and nothing is tried', async (runner) => {
  const given = config({ runner });
  const whyNot = async () => {
    throw new Error('tried');
  };
  const settled = await settleRunner(given, { whyNot });
  expect(settled).toBe(given);
});
