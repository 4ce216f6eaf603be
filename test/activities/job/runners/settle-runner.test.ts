import { expect, test } from 'vitest';
import { chooseRunner } from '../../../../src/activities/job/runners/choose-runner.js';
import { settleRunner } from '../../../../src/activities/job/runners/settle-runner.js';
import { configOf } from '../../../support/harness/config.js';

const config = (jobs: object) =>
  configOf({ sources: { github: { kind: 'github', secrets: [{ env: 'A' }] } }, jobs }, { A: 'a' });
const can = async () => undefined;
const cannot = async () => ({ because: 'the program slirp4netns is not installed' });
const OWN = { source: 'github', repository: 'acme/app', sha: 'a'.repeat(40), ref: 'refs/heads/main' };
const FORKS = { ...OWN, untrusted: true as const };

test.each([
  ['own code has a sandbox with network where one can be made', can, {}, { kind: 'sandbox', network: true }],
  ['own code runs on the host where none can', cannot, {}, { kind: 'host', network: true }],
  ['who may have network stays', can, { network: 'all' }, { kind: 'sandbox', network: true }],
] as const)('with auto %s', async (_, whyNot, more, chosen) => {
  const settled = await settleRunner(config({ runner: 'auto', ...more }), whyNot);
  expect(chooseRunner(settled, { checkout: OWN })).toEqual(chosen);
  expect(chooseRunner(settled, { checkout: OWN, runner: 'host' }).kind).toBe('host');
});

test.each([can, cannot])(
  "with auto a stranger's code runs in a sandbox without network, or not at all",
  async (whyNot) => {
    const settled = await settleRunner(config({ runner: 'auto' }), whyNot);
    expect(chooseRunner(settled, { checkout: FORKS })).toEqual({ kind: 'sandbox', network: false });
  },
);

test.each(['host', 'sandbox', 'container'] as const)('%s stays what it is, and nothing is tried', async (runner) => {
  const given = config({ runner });
  const settled = await settleRunner(given, async () => {
    throw new Error('tried');
  });
  expect(settled).toBe(given);
});
