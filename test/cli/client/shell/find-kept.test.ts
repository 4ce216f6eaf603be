import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { GRACE_PERIODS } from '../../../../src/activities/job/process-group.js';
import { keepSnapshot } from '../../../../src/activities/job/snapshots/snapshots.js';
import { findKept, type KeptQuery } from '../../../../src/cli/client/shell/find-kept.js';
import { ServerAway } from '../../../../src/cli/user-error.js';
import type { KeptJob } from '../../../../src/runs/kept-job.js';
import { tempFolder } from '../../../support/temp-folder.js';

const RUN = 'ci/github/1';
const TWINS = 'ci/github/2';
const elsewhere: KeptJob = { kind: 'kept', job: 'two', step: 'test', host: 'build-2', until: Date.now() + 60_000 };
let data: string;

beforeAll(async () => {
  const folder = await tempFolder('find-kept');
  data = join(folder, 'data');
  for (const name of ['src', 'home']) await mkdir(join(folder, name));
  await keep({ workflowId: RUN, job: 'one' });
});

async function keep(name: { workflowId?: string; job: string; nth?: number }): Promise<void> {
  const of = { workflowId: TWINS, ...name, source: 'github', repository: 'a-hash', sha: 'a'.repeat(40) };
  const signal = new AbortController().signal;
  const workspace = { folder: dirname(data) };
  const more = { failedAt: 2, ran: [], since: Date.now(), tracked: async () => [], workspace, signal };
  await keepSnapshot(data, { of, ...more }, GRACE_PERIODS);
}

const api = (jobs: readonly KeptJob[]) => async () => ({
  namedRun: async (name: string) => ({ run: name === 'latest ci' ? RUN : name }),
  run: async (run: string) => (run === RUN ? ({ status: 'failed' } as const) : undefined),
  keptJobs: async () => ({ jobs }),
});
const find = (query: Partial<KeptQuery>) =>
  findKept({ name: RUN, job: undefined, data, api: api([elsewhere]), ...query });
const nobody = async () => {
  throw new Error('the server was asked');
};

test('a workspace that is here is found without a server by the whole id, and by other names with one', async () => {
  expect((await find({ api: nobody })).of.job).toBe('one');
  expect((await find({ name: 'latest ci' })).of.job).toBe('one');
});

test('where no server answers, it is said that the whole id needs none', async () => {
  const away = async () => ({ ...(await api([])()), namedRun: () => Promise.reject(new ServerAway('nobody answers')) });
  await expect(find({ name: 'latest ci', api: away })).rejects.toThrow('nobody answers. By its whole id, a run');
});

test('of jobs of one name the first is meant, and another is named by its number', async () => {
  await keep({ job: 'twin' });
  await keep({ job: 'twin', nth: 2 });
  expect((await find({ job: 'twin', name: TWINS })).of.nth).toBeUndefined();
  expect((await find({ job: 'twin#2', name: TWINS })).of.nth).toBe(2);
  await expect(find({ name: TWINS })).rejects.toThrow(`npx hookyard shell ${TWINS} --job twin#2`);
});

test('a job whose workspace is on another machine is told of, though that of another job is here', async () => {
  await expect(find({ job: 'two' })).rejects.toThrow('job two: it is on the machine build-2, until');
});

test('of a job that has not failed those are named that have: here, or wherever they are', async () => {
  await expect(find({ job: 'three' })).rejects.toThrow(`npx hookyard shell ${RUN} --job one`);
  await expect(find({ job: 'three', data: undefined })).rejects.toThrow('job two: it is on the machine build-2');
});

test('a run that nobody knows is told of', async () => {
  await expect(find({ name: 'nobody/knows' })).rejects.toThrow('There is no run "nobody/knows"');
});
