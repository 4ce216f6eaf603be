import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import type { HookyardProcess } from '../support/harness/process.js';
import { openRepository } from '../support/harness/repository.js';
import { push, sendPush } from '../support/harness/send-push.js';
import { openSite, type Site } from '../support/harness/site.js';
import { testClient } from '../support/temporal.js';

const AUTOMATIONS = `
import { automation, push, runJob, secret } from 'hookyard/workflow';

const steps = [
  { name: 'make', run: 'mkdir sub; echo made > sub/made; echo "version=7" >> "$HOOKYARD_OUTPUT"' },
  {
    name: 'use',
    run: 'test -e mended',
    dir: 'sub',
    env: { OWN: 'of the step', TOKEN: secret('token') },
  },
  { name: 'after', run: 'true', env: { OWN: 'of another' } },
  { name: 'clean', run: 'rm -r sub', if: 'always' },
];

export const broken = automation({ on: push({ branches: ['broken'] }) }, async (event) => {
  await runJob(event, { name: 'build', steps, env: { SHARED: 'of the job', TOKEN: 'of the job' } });
});

export const two = automation({ on: push({ branches: ['two'] }) }, async (event) => {
  await Promise.all(['one', 'other'].map((name) => runJob(event, { name, steps: ['echo x > x; exit 3'] })));
});
`;

let site: Site;
let hookyard: HookyardProcess;
let workspaces: string;
const runs: Record<string, string> = {};

beforeAll(async () => {
  site = await openSite({ more: "secrets: { token: env('TOKEN') }" });
  workspaces = join(site.folder, 'workspaces');
  Object.assign(site.env, { TOKEN: 'canary-of-the-shell', HOOKYARD_WORKSPACES: workspaces });
  await site.write('automations/own.ts', AUTOMATIONS);
  const repository = await openRepository(site.folder);
  hookyard = await site.start('start');
  const client = await testClient();
  try {
    for (const branch of ['broken', 'two', 'touch']) {
      const sha = await repository.commit({ 'word.txt': 'the word is here\n' }, branch);
      const sent = await sendPush(hookyard.url, { secret: site.secret, source: site.source, body: push(branch, sha) });
      const [run = ''] = sent.body.runs ?? [];
      runs[branch] = run;
      expect(await ended(client, run)).toBe(branch === 'touch' ? 'COMPLETED' : 'FAILED');
    }
  } finally {
    await client.close();
  }
  // Those of jobs are given back beside their runs.
  await vi.waitFor(async () => expect(await made()).toEqual([]), { timeout: 60_000, interval: 100 });
}, 400_000);
afterAll(() => site?.close());

/** Waits until a run has ended, and returns how. */
async function ended(client: Awaited<ReturnType<typeof testClient>>, run: string): Promise<string> {
  const handle = client.workflow.getHandle(run);
  const state = async () => {
    const { status } = await handle.describe();
    if (status.name === 'RUNNING') throw new Error(`${run} runs`);
    return status.name;
  };
  return vi.waitFor(state, { timeout: 120_000, interval: 300 });
}

/** Runs the command with lines on standard input. Its workspaces are gone when it has ended. */
async function shell(args: readonly string[], lines = '') {
  const result = await site.hookyard(['shell', ...args], {}, site.folder, lines);
  expect(await made()).toEqual([]);
  return result;
}

/** Returns the workspaces that are there: those of jobs are gone, so they are of shells. */
const made = async () => (await readdir(workspaces)).filter((name) => !name.startsWith('kept-'));

test('a shell has the workspace as the failed step left it, its folder, its variables and the outputs so far, and no secret', async () => {
  const commands = [
    'cat made ../word.txt',
    'pwd -P | grep -o "src/sub$"',
    'echo "$OWN, $SHARED, $HOOKYARD_OUTPUT_VERSION, $TOKEN, $HOOKYARD_JOB"',
    'echo "x=1" >> "$HOOKYARD_OUTPUT" && exit 7',
  ];
  const { code, out, err } = await shell([runs.broken ?? ''], commands.join('\n'));
  expect(out).toBe('made\nthe word is here\nsrc/sub\nof the step, of the job, 7, , build\n');
  expect(code).toBe(7);
  expect(err).toContain('as step 2 of 4, "use", left it');
  expect(err).toContain('Not set, since they hold secrets: TOKEN');
});

test('secrets are set where they are asked for, and are said to be nowhere else', async () => {
  const { out, err } = await shell([runs.broken ?? '', '--secrets'], 'echo "$TOKEN" | tr -d -');
  expect(out).toBe('canaryoftheshell\n');
  expect(err).not.toMatch(/canary|Not set/);
});

test('--step chooses another step’s environment, a run is found by the words of other commands, and it exits as the shell does', async () => {
  const { code, out, err } = await shell(
    ['latest', 'broken', '--step', '3'],
    'echo "$OWN $HOOKYARD_OUTPUT_VERSION"; ls',
  );
  expect({ code, out }).toEqual({ code: 0, out: 'of another 7\nsub\nword.txt\n' });
  expect(err).toContain('The environment of step 3, "after"');
  const first = await shell([runs.broken ?? '', '--step', '1'], 'echo "v$HOOKYARD_OUTPUT_VERSION"; kill -9 $$');
  expect({ code: first.code, out: first.out }).toEqual({ code: 137, out: 'v\n' });
  const none = await shell([runs.broken ?? '', '--step', '9']);
  expect(none.code).toBe(2);
  expect(none.err).toContain('Job build has no step 9. It has:\n  --step 1   make\n  --step 2   use');
});

test('of several failed jobs one has to be named', async () => {
  const { code, err } = await shell([runs.two ?? '']);
  expect(code).toBe(2);
  for (const job of ['one', 'other']) expect(err).toContain(`  npx hookyard shell ${runs.two} --job ${job}\n`);
  expect((await shell([runs.two ?? '', '--job', 'other'], 'cat x')).out).toBe('x\n');
  expect((await shell([runs.two ?? '', '--job', 'third'])).err).toContain('No workspace of a job "third"');
});

test('a run that passed and one that nobody knows are told of', async () => {
  const passed = await shell([runs.touch ?? '']);
  expect(passed).toMatchObject({
    code: 2,
    err: expect.stringContaining('it passed, and workspaces are kept of jobs that fail'),
  });
  expect(await shell(['nobody/knows/it'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('There is no run "nobody/knows/it"'),
  });
});

test('what is kept by a worker with another data folder is said to be on this machine, and where it was looked for', async () => {
  const elsewhere = join(site.folder, 'elsewhere');
  const args = ['shell', runs.broken ?? '', '--url', hookyard.url];
  const { code, err } = await site.hookyard(args, { HOOKYARD_DATA: elsewhere });
  expect(code).toBe(2);
  expect(err).toContain(`is not below ${elsewhere}`);
});

test.each(['SIGINT', 'SIGHUP', 'SIGTERM'] as const)(
  'at %s it ends what runs in it, and removes the workspace',
  async (signal) => {
    const child = spawn(process.execPath, [join(packageRoot, 'bin/hookyard.mjs'), 'shell', runs.broken ?? ''], {
      cwd: site.folder,
      env: { ...site.env },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const exited = once(child, 'exit');
    try {
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk));
      child.stdin.write('sleep 300 & echo "$! $HOOKYARD_WORKSPACE"; wait\n');
      await expect.poll(() => out, { timeout: 30_000 }).toMatch(/^\d+ \S+\n$/);
      const [pid] = out.split(' ');
      expect(await made()).toHaveLength(1);
      child.kill(signal);
      expect(await exited).toEqual([{ SIGINT: 130, SIGHUP: 129, SIGTERM: 143 }[signal], null]);
      expect(await made()).toEqual([]);
      // One that has ended has no command line, also before somebody has waited for it.
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).toBe('');
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
  },
);

test('what is done in a shell is not kept: the next one begins as the step left it', async () => {
  const { out } = await shell([runs.broken ?? ''], 'echo again > ../mended; cat made');
  expect(out).toBe('made\n');
  expect((await shell([runs.broken ?? ''], 'ls ..')).out).toBe('sub\nword.txt\n');
});
