import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pino } from 'pino';
import { beforeEach, expect, test } from 'vitest';
import type { HostStep } from '../../../../src/activities/contract/index.js';
import { markOfNeeds, type PlacedNeeds } from '../../../../src/activities/job/artifacts/placed-needs.js';
import { createJobMask } from '../../../../src/activities/job/masks/job-mask.js';
import type { OpenJob } from '../../../../src/activities/job/open-job.js';
import { GRACE_PERIODS } from '../../../../src/activities/job/process-group.js';
import { type Beginning, folderBefore, takeUp } from '../../../../src/activities/job/snapshots/go-on.js';
import { keepJob, markBegin, snapshotJob } from '../../../../src/activities/job/snapshots/keep-job.js';
import { type ToldOutputs, toldVariables } from '../../../../src/activities/job/told-outputs.js';
import { hashOf } from '../../../../src/runs/hash.js';
import { SpellingFinder } from '../../../../src/secrets/spelling-finder.js';
import { tempFolder } from '../../../support/temp-folder.js';

const signal = new AbortController().signal;
const steps: readonly HostStep[] = ['one', 'two', 'three'].map((name) => ({ name, run: `echo ${name}` }));
const ran = [1, 2].map((number) => ({
  number,
  step: steps[number - 1] as HostStep,
  ran: { name: `${number}`, outcome: 'passed', durationMs: 1, outputs: { version: String(number) } } as const,
}));
const NO_NEEDS: PlacedNeeds = { needs: markOfNeeds(undefined), contents: [] };
const FAILED = { workflowId: 'ci/github/1' };
const NEXT = { workflowId: 'ci/github/2' };
let deps: Parameters<typeof takeUp>[0];

interface Given {
  readonly sha?: string;
  readonly merge?: string;
  readonly env?: OpenJob['input']['env'];
  readonly options?: OpenJob['input']['checkout']['options'];
  readonly nth?: number;
  readonly runner?: 'host' | 'sandbox';
  readonly trust?: true;
  /** Told to be hidden by its steps. */
  readonly hides?: string;
}

beforeEach(async () => {
  const data = join(await tempFolder('go-on'), 'data');
  deps = { config: { data, jobs: { keepFailedDays: 1 } as never }, log: pino({ level: 'silent' }) };
});

/** Opens a job with an empty checkout. */
async function open({ sha = 'a'.repeat(40), merge, env = {}, options, nth, runner, trust, hides }: Given = {}) {
  const checkout = { source: 'github', repository: 'acme/app', sha, ...(options && { options }) };
  const folder = await tempFolder('workspace');
  for (const name of ['src', 'home']) await mkdir(join(folder, name));
  const notes: string[] = [];
  const masks = createJobMask(new SpellingFinder());
  if (hides !== undefined) masks.learn(hides);
  const job = {
    masks,
    input: { name: 'test', steps: 3, env, checkout, runner, trust, ...(nth !== undefined && { nth }) },
    workspace: { folder },
    jobLog: { note: async (text: string) => void notes.push(text) },
    gracePeriods: GRACE_PERIODS,
    told: new Map() as ToldOutputs,
    merge: () => merge,
    tracked: async () => [],
    heads: () => [{ path: '', commit: merge ?? sha }],
    facts: () => ({ attempt: 1 }),
  };
  return { job: job as unknown as OpenJob, notes, told: job.told, made: join(folder, 'src/made') };
}

interface Left extends Given {
  readonly hold?: string;
  /** Undefined: as older versions have kept it. */
  readonly placed?: PlacedNeeds | undefined;
}

/** Leaves what is kept of a job that made a file in its second step: because its third failed, or a worker might be lost. */
async function leave({ hold, ...given }: Left = {}) {
  const placed = 'placed' in given ? given.placed : NO_NEEDS;
  const { job, made, told } = await open(given);
  const since = await markBegin(job);
  await writeFile(made, 'by two');
  for (const { number, ran: step } of ran) told.set(number, step.outputs);
  const progress = { ran: ran.slice(1), since, signal };
  if (hold !== undefined) return snapshotJob(deps, { ...FAILED, job, placed }, { ...progress, hold, after: 2 });
  const [, , step = steps[0] as HostStep] = steps;
  const failed = { number: 3, step, ran: { name: 'three', outcome: 'failed', durationMs: 1 } as const };
  return keepJob(deps, { ...FAILED, job, placed }, { ...progress, failed, steps });
}

/** Has a job begin, and returns what its run is told, what its log says, and what its workspace has. */
async function begin(ofRun: { workflowId: string }, how: Partial<Beginning>, given: Given = {}) {
  const { job, notes, told: variables, made } = await open(given);
  const needsNow = async () => NO_NEEDS;
  const { told, ...taken } = await takeUp(deps, { ...ofRun, job }, { needsNow, ...how, signal });
  const { hide } = job.masks;
  return {
    told,
    ...taken,
    notes,
    hide,
    variables: toldVariables(variables),
    file: existsSync(made) ? await readFile(made, 'utf8') : undefined,
  };
}

const from = (changed = steps) => ({ from: { run: FAILED.workflowId, steps: [], stepHashes: changed.map(hashOf) } });

test('a job whose worker was lost goes on in its own last snapshot, with the outputs of before, and tells after which step', async () => {
  await leave({ hold: 'r test 1' });
  expect(await begin(FAILED, { hold: 'r test 1' })).toMatchObject({
    told: { after: 2 },
    notes: ['goes on in its last snapshot, after step 2 of 3'],
    variables: { HOOKYARD_OUTPUT_VERSION: '2' },
    file: 'by two',
  });
});

test.each([
  ['of another try', { hold: 'r test 2' }, {}, 'this worker has no snapshot of it'],
  ['of another commit', { hold: 'r test 1' }, { sha: 'b'.repeat(40) }, 'its last snapshot is of another commit'],
  [
    'of another merge',
    { hold: 'r test 1' },
    { merge: 'c'.repeat(40) },
    'its last snapshot is of another merge: the base',
  ],
])('a snapshot %s is not gone on in, and the log says why', async (_, how, given, because) => {
  await leave({ hold: 'r test 1' });
  const { told, notes, file } = await begin(FAILED, how, given);
  expect({ told, file }).toEqual({ told: {}, file: undefined });
  expect(notes).toEqual([expect.stringContaining(`begins with its first step: ${because}`)]);
});

test('what steps have told to be hidden is hidden where the job goes on, on a worker that never heard of it', async () => {
  const hides = 'canary-learnt-0123456789';
  await leave({ hold: 'r test 1', hides });
  expect((await begin(FAILED, { hold: 'r test 1' })).hide(`<${hides}>`)).toBe('<***>');
  await leave({ hides });
  expect((await begin(NEXT, from())).hide(`<${hides}>`)).toBe('<***>');
});

test('what a run goes on from gives way to the snapshots of its own, and stands in where there are none', async () => {
  await leave();
  const first = await begin(NEXT, { ...from(), hold: 'r test 1' });
  expect(first.told.done).toMatchObject([{ number: 2 }]);
  expect(first.notes).toEqual(['goes on in the workspace of ci/github/1, with step 3 of 3']);
  await leave({ hold: 'r test 1' });
  expect((await begin(FAILED, { ...from(), hold: 'r test 1' })).told).toEqual({ after: 2 });
});

test.each([
  ['another commit', from(), { sha: 'b'.repeat(40) }, 'the workspace of ci/github/1 is of another commit'],
  ['another merge', from(), { merge: 'c'.repeat(40) }, 'the workspace of ci/github/1 is of another merge'],
  ['changed steps', from(steps.map((step) => ({ ...step, run: 'x' }))), {}, 'steps have changed since ci/github/1'],
  ['another environment', from(), { env: { NODE: '22' } }, 'its environment has changed since ci/github/1'],
  ['another secret', from(), { env: { TOKEN: { secret: 'b' } } }, 'its environment has changed since ci/github/1'],
  ['a sandbox', from(), { runner: 'sandbox' as const }, 'where its steps run has changed since ci/github/1'],
  ['trust in it', from(), { trust: true as const }, 'where its steps run has changed since ci/github/1'],
  [
    'other checkout options',
    from(),
    { options: { lfs: false } },
    'its checkout options have changed since ci/github/1',
  ],
])('a failed job is not gone on with for %s', async (_, how, given, because) => {
  await leave();
  const { told, notes } = await begin(NEXT, how, given);
  expect(told).toEqual({});
  expect(notes).toEqual([expect.stringContaining(`begins with its first step: ${because}`)]);
});

const SITE: PlacedNeeds = { needs: markOfNeeds([{ name: 'site' }]), contents: ['a'.repeat(64)] };

test.each([
  ['what it needs is written otherwise', SITE, NO_NEEDS, 'what it needs has changed since ci/github/1'],
  [
    'an artifact that it needs is another one by now',
    SITE,
    { ...SITE, contents: ['b'.repeat(64)] },
    'an artifact that it needs has changed since ci/github/1',
  ],
  [
    'an older version has not noted what it needed',
    undefined,
    NO_NEEDS,
    'what it needs may have changed since ci/github/1',
  ],
])('a failed job is not gone on with where %s', async (_, placed, now, because) => {
  await leave({ placed });
  const { isTakenUp, notes } = await begin(NEXT, { ...from(), needsNow: async () => now });
  expect(isTakenUp).toBe(false);
  expect(notes).toEqual([`begins with its first step: ${because}`]);
});

test('where what it needs is the same, or not there any more, a failed job is gone on with, and what was placed is told', async () => {
  const placed = { ...SITE, strangers: true as const };
  await leave({ placed });
  for (const contents of [SITE.contents, [undefined]]) {
    const needsNow = async () => ({ ...SITE, contents });
    expect(await begin(NEXT, { ...from(), needsNow })).toMatchObject({ isTakenUp: true, before: placed });
  }
  await leave({ placed, hold: 'r test 1' });
  expect(await begin(FAILED, { hold: 'r test 1' })).toMatchObject({ isTakenUp: true, before: placed });
});

test('with the same environment and checkout options a failed job is gone on with', async () => {
  const given = { env: { NODE: '20', TOKEN: { secret: 'a' } }, options: { submodules: true } };
  await leave(given);
  expect(await begin(NEXT, from(), given)).toMatchObject({ told: { done: [{ number: 2 }] }, file: 'by two' });
});

test('of two failed jobs of one name each goes on in its own workspace, also where both are kept at once', async () => {
  const given = [{ env: { NODE: '20' } }, { env: { NODE: '22' }, nth: 2 }];
  await Promise.all(given.map(leave));
  for (const each of given) expect((await begin(NEXT, from(), each)).told.done).toMatchObject([{ number: 2 }]);
  const third = await begin(NEXT, from(), { nth: 3 });
  expect(third.notes).toEqual([expect.stringContaining('this worker keeps no workspace of ci/github/1')]);
});

test.each<[string, Record<string, string>, string]>([
  [
    'made a commit',
    { HEAD: 'b'.repeat(40) },
    'begins with its first step: the commits, tags or staged changes that steps had made',
  ],
  ['checked a branch out', { HEAD: 'ref: refs/heads/main' }, 'begins with its first step: the commits, tags'],
  ['made a tag', { HEAD: 'a'.repeat(40), 'refs/tags/v1': 'a'.repeat(40) }, 'begins with its first step: the commits'],
  ['fetched a branch', { HEAD: 'a'.repeat(40), 'refs/remotes/origin/x': 'b'.repeat(40) }, 'begins with its first step'],
  ['fetched what no branch is of', { HEAD: 'a'.repeat(40), FETCH_HEAD: 'b'.repeat(40) }, 'begins with its first step'],
  ['cloned a submodule', { HEAD: 'a'.repeat(40), 'modules/lib/HEAD': 'b'.repeat(40) }, 'begins with its first step'],
  ['checked few files out', { HEAD: 'a'.repeat(40), 'info/sparse-checkout': 'docs' }, 'begins with its first step'],
  ['made a worktree', { HEAD: 'a'.repeat(40), 'worktrees/x/HEAD': 'b'.repeat(40) }, 'begins with its first step'],
  [
    'put git elsewhere',
    { config: 'worktree = ..' },
    'begins with its first step: the commits, tags or staged changes that steps',
  ],
  ['left git as it was', { HEAD: 'a'.repeat(40) }, 'goes on in the workspace of ci/github/1, with step 3 of 3'],
])('where steps have %s, a failed job begins anew if git would not have all of it', async (_, files, said) => {
  const { job } = await open();
  const since = await markBegin(job);
  const git = join(job.workspace.folder, 'src/.git');
  // As a fresh checkout has it, and a step that has removed its branch.
  for (const folder of ['refs/tags', 'refs/heads/gone', 'refs/remotes/origin'])
    await mkdir(join(git, folder), { recursive: true });
  await writeFile(join(git, 'refs/remotes/origin/HEAD'), 'ref: refs/remotes/origin/main\n');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(git, path)), { recursive: true });
    await writeFile(join(git, path), `${text}\n`);
  }
  const [, , step = steps[0] as HostStep] = steps;
  const failed = { number: 3, step, ran: { name: 'three', outcome: 'failed', durationMs: 1 } as const };
  await keepJob(deps, { ...FAILED, job, placed: NO_NEEDS }, { ran: [], since, signal, failed, steps });
  expect((await begin(NEXT, from())).notes).toEqual([expect.stringContaining(said)]);
});

test('the commits that steps have made are in a snapshot for a lost worker: the job goes on with them', async () => {
  const { job, notes } = await open();
  const since = await markBegin(job);
  const gitOf = (one: OpenJob) => join(one.workspace.folder, 'src/.git');
  await mkdir(gitOf(job));
  await writeFile(join(gitOf(job), 'HEAD'), `${'b'.repeat(40)}\n`);
  await snapshotJob(deps, { ...FAILED, job }, { ran: [], since, signal, hold: 'r test 1', after: 2 });
  expect(notes).toEqual([expect.stringMatching(/^snapshot after step 2: /)]);
  const { job: next } = await open();
  const needsNow = async () => NO_NEEDS;
  const { told } = await takeUp(deps, { ...FAILED, job: next }, { hold: 'r test 1', needsNow, signal });
  expect(told).toEqual({ after: 2 });
  expect(await readFile(join(gitOf(next), 'HEAD'), 'utf8')).toBe(`${'b'.repeat(40)}\n`);
});

test('where an older version has not noted the environment of a failed job, it begins anew', async () => {
  const { job } = await open();
  const failed = {
    number: 3,
    step: steps[2] as HostStep,
    ran: { name: 'three', outcome: 'failed', durationMs: 1 } as const,
  };
  await keepJob(deps, { ...FAILED, job }, { ran: [], since: await markBegin(job), signal, steps: undefined, failed });
  expect((await begin(NEXT, from())).notes).toEqual([
    expect.stringContaining('its environment may have changed since ci/github/1'),
  ]);
});

test('where git could not tell which files steps had removed, a failed job begins anew: they would be there again', async () => {
  const { job, notes } = await open();
  const since = await markBegin(job);
  const [, , step = steps[0] as HostStep] = steps;
  const failed = { number: 3, step, ran: { name: 'three', outcome: 'failed', durationMs: 1 } as const };
  const cannot = { ...job, tracked: () => Promise.reject(new Error('no such commit')) };
  const kept = await keepJob(deps, { ...FAILED, job: cannot }, { ran: [], since, signal, failed, steps });
  expect(kept).toMatchObject({ kind: 'kept' });
  expect(notes[0]).toBe('files that steps have removed are not known: no such commit');
  const { told, notes: said } = await begin(NEXT, from());
  expect(told).toEqual({});
  expect(said).toEqual([
    'begins with its first step: which files were removed in the workspace of ci/github/1 is not known',
  ]);
});

test('the workspace of a failed job is known by its name to the run that goes on there', async () => {
  const again = { name: 'test', run: NEXT.workflowId };
  expect(await folderBefore(deps, again, from())).toBeUndefined();
  const { job } = await open();
  const ran = { name: 'one', outcome: 'failed', durationMs: 1 } as const;
  const failed = { number: 1, step: steps[0] as HostStep, ran };
  await keepJob(deps, { ...FAILED, job }, { ran: [], since: await markBegin(job), signal, steps, failed });
  const name = basename(job.workspace.folder);
  expect(await folderBefore(deps, again, from())).toBe(name);
  const later = { ...from().from, run: 'ci/github/3', before: ['ci/github/2', FAILED.workflowId] };
  expect(await folderBefore(deps, again, { from: later })).toBe(name);
});

test('the workspace of a job whose worker was lost is known by its name to the next attempt, before that of a run before', async () => {
  const own = { name: 'test', run: FAILED.workflowId };
  const how = { ...from(), hold: 'r test 1' };
  await leave();
  const failed = await folderBefore(deps, own, how);
  const { job } = await open();
  const made = { ran: [], since: await markBegin(job), signal, hold: how.hold, after: 1 };
  await snapshotJob(deps, { ...FAILED, job }, made);
  const name = basename(job.workspace.folder);
  expect(failed).not.toBe(name);
  expect(await folderBefore(deps, own, how)).toBe(name);
  expect(await folderBefore(deps, own, from())).toBe(failed);
});

test('a job of which nothing was ever kept begins without a word', async () => {
  expect(await begin(NEXT, {})).toMatchObject({ told: {}, notes: [], variables: {}, file: undefined });
});

test('where the workspace of a failed job is, its run is told; of one with an output that holds a secret, why there is none', async () => {
  expect(await leave()).toMatchObject({ kind: 'kept', job: 'test', step: 'three', until: expect.any(Number) });
  const { job } = await open();
  const progress = {
    ran,
    since: await markBegin(job),
    signal,
    steps,
    failed: { ...(ran[1] as (typeof ran)[1]), number: 3 },
  };
  job.told.set(1, { version: 'the secret that is masked in what was told' });
  job.told.set(2, { version: '2' });
  expect(await keepJob(deps, { ...FAILED, job }, progress)).toEqual({
    kind: 'not kept',
    job: 'test',
    because: 'an output of one holds a secret',
  });
});

test('a workspace is kept, and gone on in, where two steps have told different values under one name', async () => {
  const { job } = await open();
  for (const { number, ran: step } of ran) job.told.set(number, step.outputs);
  const progress = { ran, since: await markBegin(job), signal, steps };
  const [, , step = steps[0] as HostStep] = steps;
  const failed = { number: 3, step, ran: { name: 'three', outcome: 'failed', durationMs: 1 } as const };
  expect(await keepJob(deps, { ...FAILED, job, placed: NO_NEEDS }, { ...progress, failed })).toMatchObject({
    kind: 'kept',
  });
  expect(await begin(NEXT, from())).toMatchObject({
    notes: [`goes on in the workspace of ${FAILED.workflowId}, with step 3 of 3`],
    variables: { HOOKYARD_OUTPUT_VERSION: '2' },
  });
});

test('a run of an older version tells its steps themselves, and goes on where they are the same', async () => {
  await leave();
  const { notes } = await begin(NEXT, { from: { run: FAILED.workflowId, steps } });
  expect(notes).toEqual([`goes on in the workspace of ${FAILED.workflowId}, with step 3 of 3`]);
});

test('a run that goes on from one that was stopped goes on in the workspace of the run before that', async () => {
  await leave();
  const { notes, file } = await begin(NEXT, {
    from: { ...from().from, run: 'ci/github/9', before: [FAILED.workflowId] },
  });
  expect(notes).toEqual([`goes on in the workspace of ${FAILED.workflowId}, with step 3 of 3`]);
  expect(file).toBe('by two');
});
