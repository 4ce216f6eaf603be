import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { CancelledFailure } from '@temporalio/common';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRunJob } from '../../../src/activities/job/run-job.js';
import { workspaceRoot } from '../../../src/activities/job/workspace-root.js';
import { activity, type Jobs, mirrorOf, openJobs, PATIENT, WORKFLOW } from '../../support/harness/jobs.js';

let jobs: Jobs;
beforeEach(async () => {
  jobs = await openJobs(
    { secrets: { token: { env: 'TOKEN' }, key: { env: 'KEY' } } },
    { TOKEN: 'canary-token-value', KEY: '-----BEGIN KEY-----\ncanary-second-line\n-----END KEY-----' },
  );
  await jobs.commit({ 'word.txt': 'first\n' });
});
afterEach(() => jobs.close());

/** How long to sleep: tells this run's processes from those of another run of these tests on the same machine. */
const long = randomInt(100_000, 999_000);
const found = async (marker: string) =>
  (await execa('pgrep', ['-f', marker], { reject: false })).stdout.split('\n').filter(Boolean).map(Number);
const alive = async (marker: string) => (await found(marker)).length;

test('attempts count on from those that went to other activities of the same job', async () => {
  const { attempt, output, lines } = await jobs.run({ steps: ['echo "$HOOKYARD_ATTEMPT"'], attemptsBefore: 10 }, 2);
  expect([attempt, output]).toEqual([12, '12']);
  expect(new Set(lines.map((line) => line.attempt))).toEqual(new Set([12]));
});

test('a checkout is of the exact commit, though the branch has moved on', async () => {
  const sha = await jobs.git('rev-parse', 'HEAD');
  await jobs.commit({ 'word.txt': 'second\n' });
  expect(
    (await jobs.run({ steps: ['cat word.txt; git status --porcelain; git rev-parse HEAD'], checkout: { sha } })).output,
  ).toBe(`first\n${sha}`);
});

test("a checkout of a pull request takes the head from where the source's provider keeps it", async () => {
  const sha = await jobs.git('commit-tree', '-m', 'proposed', 'HEAD^{tree}');
  await jobs.git('push', '--quiet', join(jobs.folder, 'repositories/acme/app.git'), `${sha}:refs/pull/7/head`);
  const pullRequest = { number: 7, head: { ref: 'topic', repository: 'eve/app' } };
  const steps = ['git log -1 --format=%s; echo "$HOOKYARD_REPOSITORY $HOOKYARD_REF"'];
  const { output } = await jobs.run({ steps, trust: true, checkout: { sha, pullRequest } });
  expect(output).toBe('proposed\nacme/app refs/pull/7/head');
});

test("a checkout of a pull request whose head is in a fork reports pending to the pull request's own repository", async () => {
  const clone = { url: `${jobs.folder}/repositories/{fullName}.git` };
  const cloud = await openJobs({
    sources: { cloud: { kind: 'bitbucket-cloud', secrets: [{ env: 'HOOK' }], clone } },
  });
  const sha = await jobs.git('rev-parse', 'HEAD');
  const pullRequest = { number: 7, head: { ref: 'main', repository: 'acme/app' } };
  const checkout = { source: 'cloud', repository: 'shop/app', sha, pullRequest };
  const steps = ['echo "$HOOKYARD_REPOSITORY $HOOKYARD_REF"'];
  const { output } = await cloud.run({ steps, trust: true, checkout });
  expect(output).toBe('acme/app refs/heads/main');
  expect(cloud.statuses).toMatchObject([{ source: 'cloud', repository: 'shop/app', sha, state: 'pending' }]);
  await cloud.close();
});

test('a checkout of a commit that was seen before needs no remote', async () => {
  await jobs.run({ steps: ['true'] });
  await rename(join(jobs.folder, 'repositories'), join(jobs.folder, 'gone'));
  expect(await jobs.run({ steps: ['cat word.txt'] })).toMatchObject({ passed: true, output: 'first' });
});

test('a checkout of a commit that nobody has says so, and is final', async () => {
  const input = await jobs.input({ steps: ['true'], checkout: { sha: 'a'.repeat(40) } });
  await expect(activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input)).rejects.toMatchObject({
    type: 'Gone',
    nonRetryable: true,
    message: expect.stringContaining('was it force-pushed away?'),
  });
});

test('a checkout of a remote that is away is tried again', async () => {
  await rename(join(jobs.folder, 'repositories'), join(jobs.folder, 'gone'));
  const input = await jobs.input({ steps: ['true'] });
  await expect(activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input)).rejects.toMatchObject({
    nonRetryable: false,
  });
});

test('a checkout heals a mirror that is broken', async () => {
  await jobs.run({ steps: ['true'] });
  const mirror = await mirrorOf(jobs);
  await rm(join(mirror, 'objects'), { recursive: true });
  await writeFile(join(mirror, 'HEAD'), 'nonsense');
  expect(await jobs.run({ steps: ['cat word.txt'] })).toMatchObject({ passed: true, output: 'first' });
});

test('a checkout with a mirror whose objects are damaged fails once, and then is right', async () => {
  await jobs.run({ steps: ['true'] });
  const objects = join(await mirrorOf(jobs), 'objects');
  const tree = await jobs.git('rev-parse', 'HEAD^{tree}');
  await rm(join(objects, tree.slice(0, 2), tree.slice(2)));
  const input = await jobs.input({ steps: ['cat word.txt'] });
  await expect(activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input)).rejects.toMatchObject({
    nonRetryable: false,
  });
  expect(await jobs.run({ steps: ['cat word.txt'] }, 2)).toMatchObject({ passed: true });
});

test('two checkouts of one repository at once do not get in each other’s way', async () => {
  const both = await Promise.all([jobs.run({ steps: ['cat word.txt'] }), jobs.run({ steps: ['cat word.txt'] })]);
  expect(both.map(({ passed }) => passed)).toEqual([true, true]);
});

test.each([
  ['a repository', { repository: '../../etc' }],
  ['a repository', { repository: 'acme/--upload-pack=x' }],
  ['a repository', { repository: 'acme/a b' }],
  ['a repository', { repository: 'acme/..' }],
  ['a repository', { repository: '-acme/app' }],
  ['a repository', { repository: 'acme/app\n' }],
  ['a repository', { repository: 'acme/{url}' }],
  ['a commit', { sha: '--output=/tmp/x' }],
  ['a commit', { sha: `${'a'.repeat(40)}\n` }],
  ['a commit', { sha: 'HEAD' }],
  ['a ref', { ref: 'refs/heads/a..b' }],
  ['a ref', { ref: '--upload-pack=touch' }],
  ['a ref', { ref: 'refs/heads/a\nb' }],
])('a checkout with %s that is none is refused: %o', async (_, checkout) => {
  const input = await jobs.input({ steps: ['true'], trust: true, checkout });
  await expect(activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input)).rejects.toMatchObject({
    type: 'Refused',
    nonRetryable: true,
  });
});

test.each(['-x', '$(touch$IFS$9pwned)', ';touch$IFS$9pwned', '`touch$IFS$9pwned`', 'it\'s-a-"branch"', 'a&b|c'])(
  'a checkout of a branch called %s runs nothing of its name',
  async (branch) => {
    const sha = await jobs.commit({ 'word.txt': 'odd\n' }, branch);
    const result = await jobs.run({
      steps: ['ls; echo "$HOOKYARD_REF"; test ! -e pwned -a ! -e ../pwned'],
      checkout: { sha, ref: `refs/heads/${branch}` },
    });
    expect(result).toMatchObject({ passed: true, output: `word.txt\nrefs/heads/${branch}` });
  },
);

test('steps that fail are a result, and skip what follows', async () => {
  const result = await jobs.run({ steps: ['echo one', 'echo two; exit 3', 'echo three'] });
  expect(result).toMatchObject({ outcome: 'failed', passed: false, attempt: 1, output: 'one\ntwo' });
  expect(result.steps.map(({ outcome, exitCode }) => [outcome, exitCode])).toEqual([
    ['passed', 0],
    ['failed', 3],
    ['skipped', undefined],
  ]);
  expect(jobs.statuses).toMatchObject([{ state: 'pending', context: 'hookyard/test' }]);
});

test('steps fail when a part of a pipe does', async () => {
  expect(await jobs.run({ steps: ['false | cat'] })).toMatchObject({ passed: false });
});

test('steps see nothing of the worker’s environment and home', async () => {
  process.env.CANARY_OF_WORKER = 'canary-environment';
  const { output } = await jobs.run({
    steps: ['env; echo "HOME=$HOME"; ls -A ~; git config --list --show-origin'],
    env: { MINE: 'yes' },
  });
  delete process.env.CANARY_OF_WORKER;
  expect(output).not.toMatch(/canary-environment|a-webhook-secret/);
  expect(output).toMatch(/MINE=yes/);
  expect(output).toMatch(new RegExp(`HOME=${await workspaceRoot(jobs.config)}/`));
  expect(output).not.toMatch(/^(SSH_|GIT_|NPM_|npm_|NODE_)/m);
});

test('steps get secrets by name, and their output shows none, however it comes', async () => {
  const { output, lines, tail } = await jobs.run({
    steps: [
      'test "$T" = canary-token-value',
      'printf %s "$(echo "$T" | cut -c1-10)"; sleep 0.4; echo "$T" | cut -c11-',
      'printf %s "$T" | base64; echo "$K"',
    ],
    env: { T: { secret: 'token' }, K: { secret: 'key' } },
  });
  expect(output).toContain('***');
  expect(`${JSON.stringify(lines)}${tail}`).not.toMatch(/canary|Y2FuYXJ5LXRva2VuLXZhbHVl/);
});

test('steps that want a secret which is not configured say what to add', async () => {
  const input = await jobs.input({ steps: ['true'], env: { T: { secret: 'nowhere' } } });
  await expect(activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input)).rejects.toMatchObject({
    type: 'NotConfigured',
    message: expect.stringContaining('add secrets.nowhere to hookyard.config.ts'),
  });
});

test('steps that take too long are stopped with all that they started', async () => {
  const result = await jobs.run({ steps: [`(sleep ${long}0 & sleep ${long}0)`], timeoutMs: 1_500 });
  expect(result).toMatchObject({ outcome: 'timed_out', passed: false });
  expect(await alive(`sleep ${long}0`)).toBe(0);
});

test('steps that leave something in the background do not hang, and it is ended', async () => {
  const result = await jobs.run({ steps: [`sleep ${long}1 & echo done`] });
  expect(result).toMatchObject({ passed: true, output: 'done' });
  expect(await alive(`sleep ${long}1`)).toBe(0);
});

test('steps that leave a daemon, out of their process group and with their output held open, do not hang', async () => {
  const result = await jobs.run({
    steps: [
      `setsid sleep ${long}5 & echo done`,
      `setsid env -i sh -c "touch on; exec sleep ${long}4" & until test -e on; do sleep 0.02; done; echo too`,
    ],
  });
  expect(result).toMatchObject({ passed: true, output: 'done\ntoo' });
  expect(await alive(`sleep ${long}5`)).toBe(0);
  // Nothing tells any more whose this one is: it is let go, and the job is not held up.
  for (const pid of await found(`sleep ${long}4`)) process.kill(pid);
});

test('steps may write 100 MB: what is kept is bounded, and the last lines are known', async () => {
  const batches: number[] = [];
  const logs = { ...jobs.store.logs, append: jobs.store.logs.append };
  logs.append = async (job, lines) => {
    batches.push(lines.reduce((sum, { text }) => sum + text.length, 0));
    await jobs.store.logs.append(job, lines);
  };
  const runJob = createRunJob({
    config: jobs.config,
    store: { ...jobs.store, logs },
    log: pino({ level: 'silent' }),
    reportPending: async () => {},
    mostLogBytes: 200_000,
  });
  const step = "head -c 100000000 /dev/zero | tr '\\0' x | fold -w 1000; echo; echo last";
  const result = await activity({ workflowExecution: WORKFLOW }).run(runJob, await jobs.input({ steps: [step] }));
  expect(result.passed).toBe(true);
  expect(result.tail).toMatch(/\nlast\n/);
  expect(batches.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(210_000);
  const texts = (await jobs.lines()).map(({ text }) => text);
  expect(texts).toContain('output is cut here: more than 200000 bytes');
  expect(texts.at(-1)).toMatch(/passed in/);
});

test('steps with a value that no program can be given are refused', async () => {
  const input = await jobs.input({ steps: ['true'], env: { BODY: 'x'.repeat(200_000) } });
  await expect(activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input)).rejects.toMatchObject({
    type: 'Refused',
    message: expect.stringContaining('env BODY'),
  });
});

test('steps may write much, and one line without end', async () => {
  const result = await jobs.run({ steps: ['head -c 1000000 /dev/zero | tr "\\0" x; seq 1 2000 | tail -3'] });
  expect(result.passed).toBe(true);
  expect(Math.max(...result.lines.map(({ text }) => text.length))).toBeLessThanOrEqual(8_192);
  expect(result.output.endsWith('1998\n1999\n2000')).toBe(true);
  expect(Buffer.byteLength(result.tail)).toBeLessThanOrEqual(4_096);
});

test('steps of a second attempt are told apart', async () => {
  await jobs.run({ steps: ['echo "$HOOKYARD_ATTEMPT"'] });
  const { lines } = await jobs.run({ steps: ['echo "$HOOKYARD_ATTEMPT"'] }, 2);
  expect(lines.filter(({ stream }) => stream === 'stdout').map(({ text, attempt }) => [text, attempt])).toEqual([
    ['1', 1],
    ['2', 2],
  ]);
  expect(lines.map(({ text }) => text)).toContain(
    'attempt 2: the worker of attempt 1 was lost, or the checkout failed',
  );
  expect(lines.map(({ number }) => number)).toEqual(lines.map((_, i) => i + 1));
});

describe('cancelling', () => {
  const cancelled = async (step: string, marker: string) => {
    const around = activity({ workflowExecution: WORKFLOW, heartbeatTimeoutMs: 10_000 });
    const running = around.run(jobs.runJob, await jobs.input({ steps: [step] }));
    // Not the shell, which has it in its own command line before it has set its traps.
    await expect.poll(() => alive(`^${marker}`), { timeout: 30_000 }).toBeGreaterThan(0);
    around.cancel();
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
    expect(await alive(marker)).toBe(0);
    return (await jobs.lines()).map(({ text }) => text);
  };

  test('cancelling stops what listens to an interrupt', async () => {
    await jobs.close();
    jobs = await openJobs({}, {}, PATIENT);
    await jobs.commit({ 'word.txt': 'first\n' });
    const texts = await cancelled(`trap "echo interrupted; exit 1" INT; sleep ${long}2 & wait`, `sleep ${long}2`);
    expect(texts).toEqual(expect.arrayContaining(['interrupted', 'cancelled']));
  });

  test('cancelling stops a daemon that has left its process group', async () => {
    await cancelled(`setsid sh -c "trap : INT TERM; sleep ${long}6; sleep ${long}6" & wait`, `sleep ${long}6`);
    expect(await jobs.workspaces()).toEqual([]);
  });

  test('cancelling stops what listens to nothing', async () => {
    await cancelled(`trap "" INT TERM; while true; do sleep ${long}3; done`, `sleep ${long}3`);
  });
});

test('a workspace is removed, also when a step has made it read-only', async () => {
  await jobs.run({ steps: ['mkdir -p a/b && touch a/b/c && chmod -R 500 a'] });
  expect(await jobs.workspaces()).toEqual([]);
});

test('a link that leads out of the workspace is removed, and not what it leads to', async () => {
  await writeFile(join(jobs.folder, 'precious'), 'x');
  await jobs.run({ steps: [`ln -s ${jobs.folder} out; mkdir d && ln -s ${jobs.folder} d/out && chmod 500 d`] });
  expect(await jobs.workspaces()).toEqual([]);
  expect(await readFile(join(jobs.folder, 'precious'), 'utf8')).toBe('x');
  expect((await stat(jobs.folder)).mode & 0o777).toBe(0o700);
});

test('a step leaves the CPU to the worker, Temporal and the receiver, with all that it starts', async () => {
  const niceness = String(Math.min(19, getPriority() + 10));
  // It is made so once it has started.
  const until = `for i in $(seq 50); do [ "$(nice)" = ${niceness} ] && break; sleep 0.1; done`;
  const { output } = await jobs.run({ steps: [`${until}; node -p 'os.getPriority()'; sh -c 'sh -c nice'`] });
  expect(output.trim().split('\n')).toEqual([niceness, niceness]);
});

test.runIf(process.platform === 'linux')('a step is what ends first where memory runs out', async () => {
  const own = Number(await readFile('/proc/self/oom_score_adj', 'utf8'));
  const score = String(Math.max(500, own));
  // It is made so once it has started.
  const until = `for i in $(seq 50); do grep -q "^${score}$" /proc/$$/oom_score_adj && break; sleep 0.1; done`;
  const steps = [`${until}; cat /proc/self/oom_score_adj; sh -c "cat /proc/self/oom_score_adj"`];
  const { output } = await jobs.run({ steps });
  expect(output.trim().split('\n')).toEqual([score, score]);
});

test.runIf(existsSync('/proc/self/autogroup'))("a step's session has a small share of the CPU", async () => {
  const nice = ` nice ${Math.min(19, getPriority() + 10)}`;
  const until = `for i in $(seq 50); do grep -q "${nice}$" /proc/self/autogroup && break; sleep 0.1; done`;
  const { output } = await jobs.run({ steps: [`${until}; cat /proc/self/autogroup`] });
  expect(output).toMatch(new RegExp(`${nice}$`));
});
