import { randomInt } from 'node:crypto';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Jobs, openJobs, PATIENT } from '../../support/harness/jobs.js';

let jobs: Jobs;
beforeEach(async () => {
  jobs = await openJobs({ secrets: { token: { env: 'TOKEN' } } }, { TOKEN: 'canary-token-value' });
  await jobs.commit({ 'word.txt': 'first\n', 'packages/app/name.txt': 'app\n' });
});
afterEach(() => jobs.close());

const long = randomInt(100_000, 999_000);
const alive = async (marker: string) =>
  (await execa('pgrep', ['-f', marker], { reject: false })).stdout.split('\n').filter(Boolean).length;
const printed = async () => (await jobs.lines()).filter(({ stream }) => stream === 'stdout').map(({ text }) => text);
const step = (run: string, more = {}) => ({ name: 'it', run, ...more });

test('a step has variables of its own over those of the job, and only it has them', async () => {
  await jobs.host({
    env: { WHO: 'job', ALL: 'yes' },
    steps: [
      step('echo "$WHO $ALL $TOKEN"', { env: { WHO: 'step', TOKEN: { secret: 'token' } } }),
      step('echo "$WHO $(printenv TOKEN || echo none)"'),
    ],
  });
  expect(await printed()).toEqual(['step yes ***', 'job none']);
});

test('what a step writes to $HOOKYARD_OUTPUT is known, masked, and in the variables of later steps', async () => {
  const ran = await jobs.host({
    env: { TOKEN: { secret: 'token' } },
    steps: [
      step(
        'echo "version=1.2" >> "$HOOKYARD_OUTPUT"; printf "notes<<E\\none\\ntwo\\nE\\n" >> "$HOOKYARD_OUTPUT"; echo "t=$TOKEN" >> "$HOOKYARD_OUTPUT"',
      ),
      step(
        'echo "$HOOKYARD_OUTPUT_VERSION"; echo "$HOOKYARD_OUTPUT_NOTES"; test "$HOOKYARD_OUTPUT_T" = "$TOKEN"; cat "$HOOKYARD_OUTPUT"',
      ),
    ],
  });
  expect(ran.map(({ outcome, outputs }) => [outcome, outputs])).toEqual([
    ['passed', { version: '1.2', notes: 'one\ntwo', t: '***' }],
    ['passed', undefined],
  ]);
  expect(await printed()).toEqual(['1.2', 'one', 'two']);
});

test('what an attempt has told counts no more once the step is tried again', async () => {
  const ran = await jobs.host({
    steps: [
      step('echo "port=1" >> "$HOOKYARD_OUTPUT"'),
      step('echo "port=2" >> "$HOOKYARD_OUTPUT"; echo "failed=yes" >> "$HOOKYARD_OUTPUT"; exit 1'),
      step('echo "$HOOKYARD_OUTPUT_PORT $(printenv HOOKYARD_OUTPUT_FAILED || echo none)"', { again: true }),
      step('echo "$HOOKYARD_OUTPUT_PORT $(printenv HOOKYARD_OUTPUT_FAILED || echo none)"'),
    ],
  });
  expect(ran.map(({ outputs }) => outputs)).toEqual([
    { port: '1' },
    { port: '2', failed: 'yes' },
    undefined,
    undefined,
  ]);
  expect(await printed()).toEqual(['1 none', '1 none']);
});

test('outputs that can not be read fail the step and say where, and those of a step that fails are known all the same', async () => {
  const ran = await jobs.host({
    steps: [
      step('echo nonsense >> "$HOOKYARD_OUTPUT"'),
      step('head -c 70000 /dev/zero | tr "\\0" x >> "$HOOKYARD_OUTPUT"'),
      step('echo a=1 >> "$HOOKYARD_OUTPUT"; exit 3'),
      step('rm "$HOOKYARD_OUTPUT"; ln -s /etc/passwd "$HOOKYARD_OUTPUT"'),
      step('rm "$HOOKYARD_OUTPUT"; mkfifo "$HOOKYARD_OUTPUT"'),
    ],
  });
  expect(ran.map(({ outcome, because, outputs }) => [outcome, because, outputs])).toEqual([
    [
      'failed',
      "what it wrote to $HOOKYARD_OUTPUT can't be read: line 1 is neither name=value nor name<<END",
      undefined,
    ],
    ['failed', "what it wrote to $HOOKYARD_OUTPUT can't be read: it has more than 64 kB", undefined],
    ['failed', undefined, { a: '1' }],
    ['passed', undefined, undefined],
    ['passed', undefined, undefined],
  ]);
});

test('bytes that are no text, of which no variable could be made, fail the step that writes them and none after it', async () => {
  const odd = (bytes: number) => `{ printf x=; head -c ${bytes} /dev/zero | tr "\\0" "\\377"; } >> "$HOOKYARD_OUTPUT"`;
  const ran = await jobs.host({ steps: [step(odd(10_000)), step('true'), step(odd(60_000)), step('true')] });
  expect(ran.map(({ outcome, because }) => [outcome, because])).toEqual([
    ['passed', undefined],
    ['passed', undefined],
    [
      'failed',
      "what it wrote to $HOOKYARD_OUTPUT can't be read: it has more than 64 kB with what stands for bytes that are no UTF-8",
    ],
    ['passed', undefined],
  ]);
});

test('what a step writes to $HOOKYARD_SUMMARY is known, masked and bounded', async () => {
  const [ran] = await jobs.host({
    env: { TOKEN: { secret: 'token' } },
    steps: [
      step(
        'echo "## Built $TOKEN" >> "$HOOKYARD_SUMMARY"; head -c 100000 /dev/zero | tr "\\0" x >> "$HOOKYARD_SUMMARY"',
      ),
    ],
  });
  expect(ran?.summary).toMatch(/^## Built \*\*\*\nx+$/);
  expect(ran?.summary?.length).toBeLessThanOrEqual(32 * 1024);
});

test('a step runs in its folder of the checkout, and never outside of it', async () => {
  const ran = await jobs.host({
    steps: [
      step('cat name.txt', { dir: 'packages/app' }),
      step('ln -s / out'),
      step('ls', { dir: 'out' }),
      step('ls', { dir: 'word.txt' }),
      step('ls', { dir: 'nowhere' }),
    ],
  });
  expect(await printed()).toEqual(['app']);
  expect(ran.map(({ because }) => because)).toEqual([
    undefined,
    undefined,
    'dir "out" leads out of the checkout',
    'dir "word.txt" is no folder of the checkout',
    'dir "nowhere" is no folder of the checkout',
  ]);
  expect(ran.slice(2).map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed']);
});

test('a step runs in the shell that it names, and one that is not there is told of', async () => {
  const ran = await jobs.host({
    steps: [
      step('console.log(process.argv.length)', { shell: 'node' }),
      step('echo "$0"', { shell: 'sh' }),
      step('echo "$1"', { shell: 'bash -c' }),
      step('x', { shell: 'fancy' }),
      step('x', { shell: 'fancy -c' }),
    ],
  });
  expect(await printed()).toEqual(['1', 'sh', '']);
  expect(ran.map(({ because }) => because).slice(2)).toEqual([
    undefined,
    'how "fancy" takes commands is not known: write it with its arguments, shell: \'fancy -c\'',
    'the shell "fancy" is not there: no folder of PATH has a program of this name',
  ]);
});

test('a step that takes more than its own time is stopped with all that it started, and the job has time left', async () => {
  const ran = await jobs.host({
    steps: [step(`sleep ${long}0 & sleep ${long}0`, { timeoutMs: 700 }), step('echo after')],
  });
  expect(ran).toMatchObject([{ outcome: 'timed_out', because: 'it took more than 0.7 s' }, { outcome: 'passed' }]);
  expect(ran[0]).not.toHaveProperty('over');
  // `retries: { on: ['exit:130'] }` means a code that the step has chosen.
  expect(ran[0]).not.toHaveProperty('exitCode');
  expect(await alive(`sleep ${long}0`)).toBe(0);
});

test.runIf(process.platform === 'linux').each([
  // Neither waits for what cleans up: that has no first process above it any more when it gets its time.
  ['whose shell has ended at the first signal', { run: 'sh clean.sh TERM & wait' }],
  ['whose shell is one that ends with what it runs', { run: 'sh clean.sh INT; true', shell: 'sh' }],
  ['below a program with a group of its own', { run: 'timeout 60 sh clean.sh INT; true' }],
  ['that has left the session', { run: 'setsid sh clean.sh TERM & wait' }],
])('a process of a stopped step cleans up %s', async (_, how) => {
  await jobs.close();
  jobs = await openJobs({}, {}, PATIENT);
  await jobs.commit({
    'clean.sh': `trap "sleep 0.1; echo cleaned; exit" $1\ntouch ready\nuntil false; do sleep 0.02; done\n`,
  });
  // The end of a background step stops the other: once that is ready to clean up, however busy the machine is.
  const stops = { name: 'stops', run: 'until test -e ready; do sleep 0.02; done; exit 4', background: true } as const;
  const [, ran] = await jobs.host({ steps: [stops, { name: 'it', ...how }] });
  expect(ran).toMatchObject({ outcome: 'failed', because: expect.stringMatching(/^"stops", which runs/) });
  expect(await printed()).toEqual(['cleaned']);
});

test('a step that the job has no time left for says so, and is not begun', async () => {
  const ran = await jobs.host({ timeoutMs: 1_000, steps: [step('sleep 30'), step('echo begun')] });
  const over = { outcome: 'timed_out', over: true, because: 'the job took more than 1 s' };
  expect(ran).toMatchObject([over, over]);
  expect(await printed()).toEqual([]);
});

test('a step whose process is killed from outside, or a child of its shell, has the exit code that shells give it, and is known as killed', async () => {
  const ran = await jobs.host({ steps: [step('kill -9 $$'), step(`sh -c 'kill -9 $$'; true`), step('exit 143')] });
  expect(ran).toMatchObject([
    { outcome: 'failed', exitCode: 137, killed: true },
    { outcome: 'failed', exitCode: 137, killed: true },
    { outcome: 'failed', exitCode: 143 },
  ]);
  expect(ran[2]).not.toHaveProperty('killed');
});

const server = `node -e 'setTimeout(() => require("http").createServer((q, s) => s.end("served")).listen("s.sock"), 500); ${long}7'`;
const ask = `node -e 'require("http").get({ socketPath: "s.sock" }, (r) => r.pipe(process.stdout)).on("error", () => process.exit(1))'`;

test('a background step runs beside those that follow once it is ready, outlives each, and ends with the job', async () => {
  const ran = await jobs.host({
    steps: [
      { name: 'server', run: server, background: true, ready: ask },
      { name: 'first', run: ask },
      { name: 'second', run: `${ask}; echo; echo "${'$'}{HOOKYARD_BACKGROUND-none}"` },
    ],
  });
  expect(ran.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
  expect(ran[0]?.durationMs).toBeGreaterThan(400);
  expect(await printed()).toEqual(['served', 'served', 'none']);
  expect(await alive(`${long}7`)).toBe(0);
});

test('a background step that ends before the job does fails the step at work, and those after it, with its name and how', async () => {
  const because = '"db", which runs in the background, ended with exit code 4 before the job did';
  const ran = await jobs.host({
    steps: [
      { name: 'db', run: 'sleep 1; echo "no room"; exit 4', background: true },
      { name: 'tests', run: 'sleep 30' },
      { name: 'more', run: 'echo begun' },
    ],
  });
  expect(ran).toMatchObject([{ outcome: 'passed' }, { outcome: 'failed', because }, { outcome: 'failed', because }]);
  expect(await printed()).toEqual(['no room']);
});

test('a background step that dies before it is ready, or is not ready in time, fails with what its check has said', async () => {
  const ran = await jobs.host({
    steps: [{ name: 'db', run: 'sleep 30', background: true, ready: 'echo "not yet"; false', timeoutMs: 4_000 }],
  });
  expect(ran).toMatchObject([{ outcome: 'failed', because: 'not ready within 4 s; its check last said: not yet' }]);
  const died = await jobs.host({ steps: [{ name: 'db', run: 'exit 9', background: true, ready: 'false' }] });
  expect(died).toMatchObject([
    { outcome: 'failed', because: '"db", which runs in the background, ended with exit code 9 before the job did' },
  ]);
});

test('a background step, and what asks whether it is ready, is told that it has no files to write to', async () => {
  const run = 'echo a=1 >> "$HOOKYARD_OUTPUT"';
  await jobs.host({ steps: [{ name: 'db', run, background: true, ready: 'sleep 0.1; false' }] });
  const ready = 'echo a=1 >> "$HOOKYARD_SUMMARY"';
  const [ran] = await jobs.host({
    steps: [{ name: 'db', run: 'sleep 30', background: true, ready, timeoutMs: 4_000 }],
  });
  const told = async () => (await jobs.lines()).map(({ text }) => text).join('\n');
  expect(await told()).toContain('/dev/null/no-HOOKYARD_OUTPUT-for-steps-in-the-background');
  expect(ran?.because).toContain('/dev/null/no-HOOKYARD_SUMMARY-for-steps-in-the-background');
});

test('a background step is stopped with all that it has started, also what left its process group', async () => {
  await jobs.host({
    steps: [
      { name: 'db', run: `setsid sleep ${long}8 & sleep ${long}8`, background: true },
      { name: 'tests', run: `until test "$(pgrep -fc '^sleep ${long}8')" = 2; do sleep 0.05; done` },
    ],
  });
  expect(await alive(`sleep ${long}8`)).toBe(0);
});

test('a step that another host could run no better has failed, and says why: for what it asks, or what those before have done', async () => {
  const many = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`V${i}`, 'x'.repeat(40_000)]));
  const ran = await jobs.host({
    steps: [
      step('echo begun', { env: { BODY: 'x'.repeat(40_001) } }),
      step('echo begun', { env: { TOKEN: { secret: 'nowhere' } } }),
      step('echo begun', { env: { TITLE: null } }),
      step('echo begun', { env: many }),
      { name: 'db', run: 'echo begun', env: many, background: true },
      step('cd / && rm -rf "$OLDPWD"'),
      step('echo begun'),
      step('echo begun', { dir: 'packages/app' }),
    ],
  });
  const final = true;
  expect(ran).toMatchObject([
    { outcome: 'failed', because: expect.stringContaining('env BODY has 40001 characters'), final },
    { outcome: 'failed', because: expect.stringContaining('the secret "nowhere" is not set'), final },
    {
      outcome: 'failed',
      because: expect.stringContaining("env TITLE: must be a string, secret('name') or idToken({ audience })"),
      final,
    },
    { outcome: 'failed', because: expect.stringContaining('E2BIG'), final },
    { outcome: 'failed', because: expect.stringContaining('E2BIG'), final },
    { outcome: 'passed' },
    { outcome: 'failed', because: expect.stringMatching(/^the checkout is not there any more/), final },
    { outcome: 'failed', because: expect.stringMatching(/^the checkout is not there any more/), final },
  ]);
  expect(await printed()).toEqual([]);
});

test('a shell with a path is looked for where the step runs, and has to be a program', async () => {
  const ran = await jobs.host({
    steps: [
      step('printf "#!/bin/sh\\necho mine\\n" > packages/app/tool; chmod +x packages/app/tool'),
      step('x', { shell: './tool -c', dir: 'packages/app' }),
      step('x', { shell: './packages -c' }),
    ],
  });
  expect(await printed()).toEqual(['mine']);
  expect(ran[2]).toMatchObject({
    outcome: 'failed',
    because: 'the shell "./packages" is not there: no program has this path',
  });
});

test('no cut goes through a secret, neither of what a check said nor of a summary, and no output is called by one', async () => {
  const env = { TOKEN: { secret: 'token' } };
  const x = (count: number) => `head -c ${count} /dev/zero | tr "\\0" x`;
  const ran = await jobs.host({
    env,
    steps: [
      { name: 'db', run: 'sleep 30', background: true, ready: `echo "$TOKEN$(${x(490)})"; false`, timeoutMs: 4_000 },
      step(`(${x(32_760)}; echo "$TOKEN") >> "$HOOKYARD_SUMMARY"`),
      step(`(${x(65_530)}; echo "$TOKEN") >> "$HOOKYARD_SUMMARY"`),
      step('for i in $(seq 4000); do echo "$TOKEN"; done >> "$HOOKYARD_SUMMARY"'),
      step('echo "$TOKEN=x" >> "$HOOKYARD_OUTPUT"'),
    ],
  });
  expect(ran[0]?.because).toMatch(/said: \**x+$/);
  for (const { summary = '' } of ran) expect(summary).not.toMatch(/canary|value/);
  expect(ran[1]?.summary).toMatch(/^x+\*\*\*\n$/);
  expect(ran[2]?.summary).toMatch(/^x{32768}$/);
  expect(ran[4]).toMatchObject({ outcome: 'failed', because: expect.stringMatching(/a name holds a secret$/) });
  expect(ran[4]).not.toHaveProperty('outputs');
});

test('outputs of all steps of a job are bounded: those of the step that goes beyond fail it', async () => {
  const told = (name: string) =>
    step(`(printf "${name}="; head -c 60000 /dev/zero | tr "\\0" x) >> "$HOOKYARD_OUTPUT"`);
  const ran = await jobs.host({ steps: ['a', 'b', 'c', 'd', 'a', 'e'].map(told) });
  expect(ran.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed', 'failed']);
  expect(ran[5]?.because).toContain('the outputs of all steps have more than 256 kB together');
});

test('what a step starts as if it belonged to a background step ends with the job', async () => {
  await jobs.host({ steps: [step(`HOOKYARD_BACKGROUND=99 setsid sleep ${long}6 > /dev/null 2>&1 &`), step('true')] });
  expect(await alive(`sleep ${long}6`)).toBe(0);
});
