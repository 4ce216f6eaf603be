import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { whyNoNetwork } from '../../src/activities/job/runners/sandbox/requirements.js';
import { packageRoot } from '../../src/paths.js';
import { openPlace, type Place } from '../support/harness/place.js';
import { type HookyardProcess, startHookyard } from '../support/harness/process.js';
import { temporalAddress, unique } from '../support/temporal.js';

/** Of a command. A demo gives its runs ten minutes. */
const DEADLINE_MS = 300_000;

let place: Place;
let hookyard: HookyardProcess;
let env: Record<string, string>;
const source = unique('d');

beforeAll(async () => {
  place = await openPlace({
    temporal: temporalAddress(),
    sources: `{ '${source}': { kind: 'github', secrets: [env('HOOK_SECRET')], clone: { url: '{data}/demo/{fullName}.git' } } }`,
    // As in the configuration of `npm start`.
    more: "jobs: { runner: 'auto' }",
  });
  const { HOOKYARD_PORT: _, ...own } = place.env;
  env = {
    ...own,
    HOOKYARD_TASK_QUEUE: unique('demo'),
    HOOKYARD_AUTOMATIONS: join(packageRoot, 'automations'),
    HOOKYARD_WORKSPACES: join(place.folder, 'workspaces'),
  };
  hookyard = await startHookyard(['start'], { data: place.data, env });
}, 120_000);
afterAll(() => hookyard?.kill('SIGKILL'));

/** Runs a command as `npx hookyard …` says it, or as the demo has printed it, and returns its exit code and what it has printed. */
async function run(command: string, stdin = ''): Promise<{ code: number; out: string }> {
  const args = [join(packageRoot, 'bin/hookyard.mjs'), ...command.replace(/^(npx hookyard|node \S+) /, '').split(' ')];
  return new Promise((resolve) => {
    const settings = { cwd: place.folder, env, timeout: DEADLINE_MS, killSignal: 'SIGKILL' } as const;
    const child = execFile(process.execPath, args, settings, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out: out + err }),
    );
    child.stdin?.on('error', () => undefined).end(stdin);
  });
}

/** Returns the command that the demo has printed last beside a label. */
function printed(out: string, label: string): string {
  return [...out.matchAll(new RegExp(`^${label} +(node .+)$`, 'gm'))].at(-1)?.[1] ?? '';
}

/**
 * Returns which jobs have noted something, by name: once each, and once more for each time that one has begun anew,
 * as where a machine is so busy that its heartbeats are missed.
 */
function jobsThatNoted(what: RegExp, out: string): string[] {
  const notes = [...out.matchAll(/^(\S+) · (.+)$/gm)].map(([, job = '', text = '']) => ({ job, text }));
  const times = (of: string, noted: RegExp) => notes.filter(({ job, text }) => job === of && noted.test(text)).length;
  const jobs = [...new Set(notes.flatMap(({ job, text }) => (what.test(text) ? [job] : [])))].sort();
  const anew = /^attempt \d+: the worker of attempt \d+ was lost/;
  for (const job of jobs) expect(times(job, what), out).toBeLessThanOrEqual(1 + times(job, anew));
  return jobs;
}
const ZONES = ['test-Asia-Tokyo', 'test-UTC'];

test('a commit is built as the examples say, in two time zones too, and the second time from the cache', {
  timeout: 2 * DEADLINE_MS,
}, async () => {
  const { code, out } = await run(`demo --source ${source} --url ${hookyard.url}`);
  expect(out.match(/^Passed {4}the run completed, the build passed$/gm)).toHaveLength(3);
  expect(jobsThatNoted(/^tests: tests: 2 passed/, out)).toEqual(ZONES);
  // Of each job, from its first line on.
  expect(out.slice(out.indexOf('\nRun '))).not.toMatch(/^(?:·| {2}\S)/m);
  expect(out).not.toContain('--from-failed');
  const shut = (await whyNoNetwork()) === undefined;
  const isShut = /^its steps run in a sandbox, with network$/;
  expect(jobsThatNoted(isShut, out)).toEqual(shut ? ['ci', 'report', ...ZONES] : []);
  expect(hookyard.output()).toContain(shut ? 'all in a sandbox, own code with network' : 'own code');
  expect(code).toBe(0);
  const again = await run(`demo --source ${source} --url ${hookyard.url}`);
  const isRestored = /^cache npm-[0-9a-f]{32}: restored, [\d.]+ MB in [\d.]+ s, saved on main/;
  expect(jobsThatNoted(isRestored, again.out), again.out).toEqual(ZONES);
  expect(again.code).toBe(0);
});

test('what its jobs keep is downloaded by the links that it prints, and read by an automation that follows', {
  timeout: DEADLINE_MS,
}, async () => {
  const { code, out } = await run(`demo --source ${source} --url ${hookyard.url}`);
  expect(code).toBe(0);
  const kept = [...out.matchAll(/^Kept {6}(tests-\S+), [\d.]+ kB, until (\S+ \S+) UTC: (http:\S+)$/gm)];
  expect(kept.map(([, name]) => name).sort()).toEqual(['tests-Asia-Tokyo', 'tests-UTC']);
  const [, name = '', until = '', link = ''] = kept[0] ?? [];
  const days = (Date.parse(`${until.replace(' ', 'T')}Z`) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(7);
  const answer = await fetch(link);
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${name}.tar.gz"`);
  const file = join(place.folder, 'kept.tar.gz');
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
  await execa('tar', ['-xzf', file], { cwd: place.folder });
  expect(await readFile(join(place.folder, 'tests.xml'), 'utf8')).toContain('two and two are four');
  expect([...new Set(out.match(/^report {3}\| .*/gm))]).toEqual([
    'report   | zone | tests | failed |',
    'report   | UTC | 2 | 0 |',
    'report   | Asia-Tokyo | 2 | 0 |',
  ]);
});

test('a change that breaks a test is told with the place, and opens in a shell', { timeout: DEADLINE_MS }, async () => {
  const { code, out } = await run(`demo --fail --source ${source} --url ${hookyard.url}`);
  expect(code).toBe(1);
  expect(out.match(/^Test .*/gm)).toEqual([
    'Test      add.test.js:5  two and two are four: Expected values to be strictly equal: 0 !== 4',
  ]);
  const [sent = '', ...more] = out.match(/^ {10}\{.*\}$/gm) ?? [];
  expect(more).toEqual([]);
  expect(JSON.parse(sent)).toMatchObject({
    ...{ path: 'add.test.js', start_line: 5, end_line: 5, annotation_level: 'failure' },
    message: expect.stringContaining('0 !== 4'),
  });
  expect(out).toContain('report   | UTC | 2 | 1 |');
  const shell = await run(printed(out, 'Shell'), 'cat add.js; echo "zone $TZ"\n');
  expect(shell.out).toContain('export const add = (a, b) => a - b;');
  expect(shell.out).toMatch(/zone (UTC|Asia\/Tokyo)/);
  expect(shell.code).toBe(0);
});

test('a flaky test passes where the run goes on with the step that failed', { timeout: 2 * DEADLINE_MS }, async () => {
  const { code, out } = await run(`demo --flaky --source ${source} --url ${hookyard.url}`);
  expect(code).toBe(1);
  expect(out.match(/^Test .*/gm)).toEqual(['Test      add.test.js:11  sums are in the cache: the cache was empty']);
  const again = await run(printed(out, 'Rerun'));
  expect(jobsThatNoted(/^goes on in the workspace of zones\/.*, with step 2 of 2$/, again.out)).toEqual(ZONES);
  expect(again.out).not.toContain('step 1 of 2');
  expect(jobsThatNoted(/^tests: flaky: sums are in the cache$/, again.out)).toEqual(ZONES);
  expect(again.code).toBe(0);
});

test('a commit is broken or flaky, not both', async () => {
  const { code, out } = await run('demo --fail --flaky');
  expect([code, out]).toEqual([2, expect.stringContaining("cannot be used with option '--flaky'")]);
});
