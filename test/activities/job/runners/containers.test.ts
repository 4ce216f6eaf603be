import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { noteContainers } from '../../../../src/activities/job/runners/container/remove-containers.js';
import { LABEL } from '../../../../src/activities/job/runners/container/run-options.js';
import { sweepWorkspaces } from '../../../../src/activities/job/sweep.js';
import { createWorkspace } from '../../../../src/activities/job/workspace.js';
import { type Call, type EngineSettings, openEngine, type StandInEngine } from '../../../support/harness/engine.js';
import { activity, type Jobs, openJobs, PATIENT, WORKFLOW } from '../../../support/harness/jobs.js';

const FORK = { untrusted: true as const, defaultBranch: 'main' };
const IMAGE = { image: 'node:22' };
const SECRET = 'a-secret-of-the-job';

let jobs: Jobs;
let engine: StandInEngine;

afterEach(() => jobs.close());

async function open(
  settings: Partial<EngineSettings> = {},
  config: object = {},
  patience: Parameters<typeof openJobs>[2] = {},
): Promise<void> {
  const { container = {}, ...more } = config as { container?: object };
  const options = {
    jobs: {
      ...more,
      container: {
        registries: { ghcr: { server: 'ghcr.io', username: 'bot', password: { env: 'GHCR' } } },
        ...container,
      },
    },
    secrets: { token: { env: 'TOKEN' } },
  };
  jobs = await openJobs(options as never, { GHCR: 'the-password', TOKEN: SECRET }, patience);
  engine = await openEngine(jobs.folder, { kind: 'docker', ...settings });
  (jobs.config.jobs.container as { engine?: string }).engine = engine.program;
  await jobs.commit({ 'word.txt': 'hello\n' });
}

/** The value of an option. */
const option = ({ args }: Call, name: string) => args[args.indexOf(name) + 1];
const steps = async () => (await engine.calls('run')).filter(({ args }) => args.includes('--workdir'));
const holders = async () => (await engine.calls('run')).filter(({ args }) => !args.includes('--workdir'));

test('a job whose runner is an image has its steps run there, in its checkout, and its log tells the digest', async () => {
  await open();
  const { passed, output, lines } = await jobs.run({
    runner: IMAGE,
    steps: [
      'cat word.txt; echo "$IMAGE $HOOKYARD_JOB"',
      'echo "version=1" >> "$HOOKYARD_OUTPUT"; touch "$HOME/a" "$TMPDIR/b" made',
      'ls made; [ "$HOOKYARD_OUTPUT_VERSION" = 1 ]',
    ],
  });
  expect(lines.map(({ text }) => text)).toContain(
    `its steps run in containers of node:22 (node@sha256:${'d'.repeat(64)}), by docker 28.0.0, without network`,
  );
  expect(output).toBe('hello\nyes test\nmade');
  expect(passed).toBe(true);
  expect(await engine.running()).toEqual([]);
  expect(await jobs.workspaces()).toEqual([]);
  const user = `${process.getuid?.()}:${process.getgid?.()}`;
  for (const call of await engine.calls('run')) expect(option(call, '--user')).toBe(user);
});

test('its image is pulled where it is not at hand, and the next job has it', async () => {
  await open();
  await jobs.run({ runner: IMAGE, steps: ['true'] });
  const { lines } = await jobs.run({ runner: IMAGE, steps: ['true'] });
  expect(await engine.calls('pull')).toHaveLength(1);
  expect(lines.filter(({ text }) => text === 'pull the image node:22')).toHaveLength(1);
});

test('it has each of its variables as it is, and no command line and no configuration of the client has any', async () => {
  await open();
  const env = {
    TOKEN: { secret: 'token' },
    DOCKER_HOST: 'tcp://192.0.2.1:2375',
    LD_PRELOAD: '',
    LINES: 'one\n"two" $HOME `id`\n',
    PATH: `/opt/tool:${process.env.PATH}`,
  };
  const show = `node -e 'console.log(JSON.stringify([process.env.DOCKER_HOST, process.env.LINES, process.env.PATH, process.env.TOKEN.length]))'`;
  const { output } = await jobs.run({ runner: IMAGE, env, steps: [show] });
  expect(JSON.parse(output)).toEqual([env.DOCKER_HOST, env.LINES, env.PATH, SECRET.length]);
  const calls = await engine.calls();
  for (const { args } of calls) expect(args.join(' ')).not.toContain(SECRET);
  expect(new Set(calls.map((call) => call.env.PATH))).toEqual(new Set([process.env.PATH]));
  for (const call of await engine.calls('run')) {
    expect(call.env.DOCKER_HOST).toBe('unix:///var/run/docker.sock');
    expect(call.env.HOOKYARD_WORKSPACE).toMatch(/^\//);
  }
});

test.each([
  ["the repository's own code has none", 'none', {}, {}],
  ['it has one where its job wants it', undefined, {}, { network: true }],
  ['it has one where the configuration says so', undefined, { network: 'own' }, {}],
  ['it has none where its job wants none', 'none', { network: 'all' }, { network: false }],
  ["it has the engine's that is named", 'builds', { network: 'own', container: { network: 'builds' } }, {}],
  ["a stranger's code has none, whatever its job wants", 'none', { network: 'own' }, { network: true, checkout: FORK }],
  ['it has one where the configuration gives it to all', undefined, { network: 'all' }, { checkout: FORK }],
])('network: %s', async (_, expected, config, job) => {
  await open({}, config);
  await jobs.run({ runner: IMAGE, steps: ['true'], ...job });
  const [holder] = await holders();
  expect(holder?.args.includes('--network') ? option(holder, '--network') : undefined).toBe(expected);
  const [step] = await steps();
  expect(option(step as Call, '--network')).toBe(`container:${option(holder as Call, '--name')}`);
});

test('its background steps run beside the others, and end with the job', async () => {
  await open();
  const ran = await jobs.host({
    runner: IMAGE,
    steps: [
      { name: 'server', run: 'touch up; exec sleep 86397', background: true, ready: '[ -e up ]' },
      { name: 'client', run: 'ls up' },
    ],
  });
  expect(ran).toMatchObject([{ outcome: 'passed' }, { outcome: 'passed' }]);
  expect(await engine.running()).toEqual([]);
  const networks = (await steps()).map((call) => option(call, '--network'));
  expect(new Set(networks).size).toBe(1);
});

test('its steps end with the exit code of their commands, count as lost where they were killed, and leave nothing running', async () => {
  await open();
  const ran = await jobs.host({
    runner: IMAGE,
    steps: [
      { name: 'fails', run: 'exit 3' },
      { name: 'by a pipe', run: 'false | true' },
      { name: 'killed', run: 'kill -9 $$' },
      { name: 'as the engine fails', run: 'exit 125' },
      { name: 'another shell', run: 'process.exit(process.argv.length)', shell: 'node' },
      { name: 'no such shell', run: 'true', shell: 'fish' },
    ],
  });
  expect(ran).toMatchObject([
    { outcome: 'failed', exitCode: 3 },
    { outcome: 'failed', exitCode: 1 },
    { outcome: 'failed', exitCode: 137, killed: true },
    { outcome: 'failed', exitCode: 125 },
    { outcome: 'failed', exitCode: 1 },
    { outcome: 'failed', final: true, because: expect.stringContaining('fish') },
  ]);
});

test('a step is interrupted first when its time is over, and then killed', async () => {
  // The time of the step, which begins with it: each call of the engine before that may take long.
  const late = async (run: string) => {
    const [ran] = await jobs.host({ runner: IMAGE, steps: [{ name: 'it', run, timeoutMs: 6_000 }] });
    expect(ran).toMatchObject({ outcome: 'timed_out' });
  };
  await open({}, {}, PATIENT);
  await late('trap "echo cleared up; exit 0" INT; echo waiting; while :; do sleep 0.1 || true; done');
  expect((await jobs.lines()).map(({ text }) => text)).toContain('cleared up');
  expect(await engine.calls('kill')).toEqual([]);
  await jobs.close();
  await open();
  await late('trap "" INT TERM; while true; do sleep 0.1; done');
  expect(await engine.calls('kill')).toHaveLength(1);
  expect(await engine.running()).toEqual([]);
});

test('what a step has started cleans up too where the step is stopped, though its shell has ended', async () => {
  await open({}, {}, { gracePeriods: { ...PATIENT.gracePeriods, interruptMs: 2_000 } });
  const cleans = 'trap "sleep 0.5; echo cleaned up; exit" TERM; sleep 300 & wait';
  const step = { name: 'it', run: `sh -c '${cleans}' & sleep 60`, timeoutMs: 6_000 };
  expect(await jobs.host({ runner: IMAGE, steps: [step] })).toMatchObject([{ outcome: 'timed_out' }]);
  expect((await jobs.lines()).map(({ text }) => text)).toContain('cleaned up');
  expect(await engine.calls('kill')).toEqual([]);
  expect(await engine.running()).toEqual([]);
});

test("a stranger's code runs there where its job says so, and never on the host", async () => {
  await open();
  expect(await jobs.run({ runner: IMAGE, checkout: FORK, steps: ['echo "$IMAGE"'] })).toMatchObject({ output: 'yes' });
  await jobs.close();
  await open({}, { runner: 'container', container: { image: 'node:22' } });
  expect(await jobs.run({ runner: 'host', checkout: FORK, steps: ['echo "$IMAGE"'] })).toMatchObject({ output: 'yes' });
});

test.each(['docker', 'podman'] as const)(
  '%s pulls with the credentials that the job names, which no command line has',
  async (kind) => {
    await open({ kind, registry: { server: 'ghcr.io', user: 'bot', password: 'the-password' } });
    const image = 'ghcr.io/acme/build:1';
    const { passed } = await jobs.run({ runner: { image, registry: 'ghcr' }, steps: ['true'] });
    expect(passed).toBe(true);
    const [pull] = await engine.calls('pull');
    expect(JSON.stringify(pull)).not.toContain('the-password');
    const file = kind === 'podman' ? option(pull as Call, '--authfile') : `${pull?.env.DOCKER_CONFIG}/config.json`;
    expect(existsSync(file ?? '')).toBe(false);
    await expect(tried({ image: 'ghcr.io/acme/other:1' })).rejects.toThrow(/can't be had.*pull access denied/);
  },
);

test('credentials are handed to nobody but their registry, and what is not configured is told', async () => {
  await open();
  const wrong = { type: 'NotConfigured', nonRetryable: true };
  const message = (text: string) => ({ ...wrong, message: expect.stringContaining(text) });
  await expect(tried({ image: 'node:22', registry: 'ghcr' })).rejects.toMatchObject(
    message('is ghcr.io, and the image node:22'),
  );
  await expect(tried({ image: 'node:22', registry: 'nobodys' })).rejects.toMatchObject(
    message('jobs.container.registries.nobodys'),
  );
  await expect(tried({ image: '--privileged' })).rejects.toMatchObject(message('not the name of an image'));
  await expect(tried('container')).rejects.toMatchObject(message('jobs.container.image'));
  await expect(tried({ image: 'missing:1' })).rejects.toThrow(/missing:1 can't be had: .*manifest unknown/);
  expect(await engine.calls('run')).toEqual([]);
  expect(await jobs.workspaces()).toEqual([]);
});

test('an engine that does not answer, or is not there, ends the run with what to do', async () => {
  await open();
  await engine.set({ down: true });
  await expect(tried(IMAGE)).rejects.toMatchObject({
    type: 'NotConfigured',
    message: expect.stringMatching(/Cannot connect to the docker daemon.*Start it/s),
  });
  (jobs.config.jobs.container as { engine?: string }).engine = '/nowhere/podman';
  await expect(tried(IMAGE)).rejects.toMatchObject({ message: expect.stringMatching(/nowhere.podman.*ENOENT/s) });
});

test('podman without rights of root gives steps the ids of the worker and the users of one another, and none of its proxies', async () => {
  await open({ kind: 'podman', rootless: true });
  const { passed, lines } = await jobs.run({ runner: IMAGE, steps: ['true'] });
  expect(passed).toBe(true);
  expect(lines.map(({ text }) => text).join('\n')).toContain('by podman 5.0.0 without rights of root');
  const [[holder], [step]] = [await holders(), await steps()];
  expect(option(holder as Call, '--userns')).toBe('keep-id');
  expect(option(step as Call, '--userns')).toBe(`container:${option(holder as Call, '--name')}`);
});

test("docker without rights of root has its root be the worker's user", async () => {
  await open({ rootless: true });
  await jobs.run({ runner: IMAGE, steps: ['true'] });
  for (const call of await engine.calls('run')) expect(option(call, '--user')).toBe('0:0');
});

test('what a worker has left running that was killed is killed before its workspace is removed', async () => {
  await open();
  await jobs.run({ runner: IMAGE, steps: ['true'] });
  const [step] = await steps();
  const { folder } = await createWorkspace(jobs.config);
  const left = `${folder}-of-another`;
  await rename(folder, left);
  await noteContainers(left);
  const owner = JSON.parse(await readFile(join(left, 'owner.json'), 'utf8'));
  await writeFile(join(left, 'owner.json'), JSON.stringify({ ...owner, boot: 'another' }));
  const args = ['run', ...(step as Call).args.map((arg) => arg.replace(/^hookyard\.workspace=.*/, `${LABEL}=${left}`))];
  const without = new Set(['--mount', '--cidfile', '--network', '--workdir']);
  const plain = args.flatMap((arg, i) => (without.has(arg) || without.has(args[i - 1] ?? '') ? [] : [arg]));
  const at = plain.indexOf(engine.imageId);
  const client = spawn(engine.program, [...plain.slice(0, at + 1), '-c', 'sleep 86396'], {
    env: (step as Call).env,
    stdio: 'ignore',
  });
  await expect.poll(() => engine.running()).toHaveLength(1);
  client.kill('SIGKILL');
  const sweep = () => sweepWorkspaces({ config: jobs.config, log: pino({ level: 'silent' }) });
  await engine.set({ down: true });
  await sweep();
  expect(existsSync(left)).toBe(true);
  await engine.set({ down: false });
  await sweep();
  expect(existsSync(left)).toBe(false);
  expect(await engine.running()).toEqual([]);
});

async function tried(runner: NonNullable<Parameters<Jobs['run']>[0]['runner']>): Promise<unknown> {
  const input = await jobs.input({ runner, steps: ['true'] });
  return activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input);
}
