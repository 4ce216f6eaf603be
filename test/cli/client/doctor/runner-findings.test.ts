import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, test } from 'vitest';
import { runnerFindings } from '../../../../src/cli/client/doctor/runner-findings.js';
import { openEngine } from '../../../support/harness/engine.js';
import { inSandbox } from '../../../support/harness/needs-sandbox.js';
import { tempFolder } from '../../../support/temp-folder.js';

const { PATH } = process.env;
const of = (runner: 'host' | 'sandbox' | 'container' | 'auto', more: object = {}) =>
  runnerFindings({ jobs: { runner, network: 'none', container: {}, ...more } as never });

afterEach(() => {
  process.env.PATH = PATH;
});

inSandbox('where bubblewrap works', () => {
  test('both runners are fine, and for what', async () => {
    expect((await of('host')).slice(0, 2)).toEqual([
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
  expect((await of('auto'))[1]).toEqual({
    level: 'warn',
    says: "auto: own code runs as the worker's user, since the program bwrap is not installed",
    advice,
  });
  expect((await of('sandbox'))[1]).toEqual({
    level: 'problem',
    says: 'sandbox: no job runs here, since jobs.runner wants one and the program bwrap is not installed',
    advice,
  });
});

test('whether a container engine answers is told, and what rights it has', async () => {
  const folder = await tempFolder('engine');
  const { program, set } = await openEngine(folder, { kind: 'docker', rootless: true });
  const container = { engine: program };
  expect((await of('host', { container })).at(-1)).toEqual({
    level: 'ok',
    says: 'container: docker 28.0.0 answers, without rights of root',
  });
  expect((await of('container', { container })).at(-1)).toMatchObject({
    level: 'warn',
    advice: expect.stringContaining('image'),
  });
  await set({ down: true });
  expect((await of('host', { container })).at(-1)).toEqual({
    level: 'problem',
    says: expect.stringMatching(/^container: .* do not run here, since .*Cannot connect to the docker daemon/),
    advice: 'Start it, and let the user of the worker use it',
  });
});

test('where no engine is, and none is asked for, that is no trouble', async () => {
  process.env.PATH = '/nonexistent';
  expect((await of('host')).at(-1)).toEqual({
    level: 'ok',
    says: 'container: jobs that run in images do not run here, since neither podman nor docker is installed',
  });
  expect((await of('container')).at(-1)).toMatchObject({ level: 'problem', advice: expect.stringContaining('podman') });
});

inSandbox('where what brings a network into sandboxes is missing', () => {
  test('it is told, and is a problem only where the configuration wants a network', async () => {
    const folder = await tempFolder('path');
    for (const tool of ['bwrap', 'nsenter', 'prlimit', 'bash', 'sh', 'cat'])
      await symlink((await execa('which', [tool])).stdout, join(folder, tool));
    process.env.PATH = folder;
    expect((await of('host'))[2]).toEqual({
      level: 'ok',
      says: 'sandbox: jobs that ask for network do not run here, since the program slirp4netns is not installed',
    });
    expect((await of('host', { network: 'own' }))[2]).toMatchObject({
      level: 'problem',
      advice: 'Install slirp4netns (apt-get install slirp4netns, dnf install slirp4netns)',
    });
  });
});
