import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { holdNetwork } from '../../../../src/activities/job/runners/sandbox/hold-network.js';
import { type Jobs, openJobs, PATIENT } from '../../../support/harness/jobs.js';
import { inSandbox } from '../../../support/harness/needs-sandbox.js';

const FORK = { untrusted: true as const, defaultBranch: 'main' };

let jobs: Jobs;
beforeEach(async () => {
  jobs = await openJobs();
  await jobs.commit({ 'word.txt': 'hello\n', 'tests.sh': 'cat word.txt\n' });
});
afterEach(() => jobs.close());

inSandbox("a stranger's code in a sandbox", () => {
  const run = (steps: string[], more: object = {}) => jobs.run({ steps, checkout: FORK, ...more });
  const host = (steps: Parameters<Jobs['host']>[0]['steps']) => jobs.host({ steps, checkout: FORK });

  test('has its checkout with its history, a home and a place for temporary files, and the log says where it runs', async () => {
    const { passed, output, lines } = await run([
      'sh tests.sh',
      'git log --format=%an',
      'git status --short',
      'touch "$HOME/a" "$TMPDIR/b" c && ls "$HOME" "$TMPDIR" c',
      'echo "$HOOKYARD_JOB $CI"',
    ]);
    expect(lines.map(({ text }) => text)).toContain('its steps run in a sandbox, without network');
    expect(output).toMatch(/^hello\n/);
    expect(output).toMatch(/test true$/);
    expect(passed).toBe(true);
    expect(await jobs.workspaces()).toEqual([]);
  });

  test('ends with the exit code of its commands, and counts as lost where it was killed', async () => {
    expect(
      await host([
        { name: 'fails', run: 'exit 3' },
        { name: 'killed', run: 'kill -9 $$' },
        { name: 'no shell', run: 'true', shell: './missing -c' },
      ]),
    ).toMatchObject([
      { outcome: 'failed', exitCode: 3 },
      { outcome: 'failed', exitCode: 137, killed: true },
      { outcome: 'failed', final: true },
    ]);
  });

  test('leaves outputs and a summary', async () => {
    const said = 'echo "version=1" >> "$HOOKYARD_OUTPUT"; echo "# Built" >> "$HOOKYARD_SUMMARY"';
    expect(
      await host([
        { name: 'says', run: said },
        { name: 'reads', run: '[ "$HOOKYARD_OUTPUT_VERSION" = 1 ]' },
      ]),
    ).toMatchObject([{ outcome: 'passed', outputs: { version: '1' }, summary: '# Built\n' }, { outcome: 'passed' }]);
  });

  test('has its reports read', async () => {
    const report = '<testsuite><testcase name="adds"><failure message="no"/></testcase></testsuite>';
    const [step] = await host([{ name: 'tests', run: `echo '${report}' > report.xml`, tests: ['*.xml'] }]);
    expect(step).toMatchObject({ outcome: 'failed', tests: { failed: 1 } });
  });

  test('reaches by loopback what runs in its background steps, which end with it', async () => {
    const server = `require('net').createServer((s) => s.on('error', () => 0).end('from the background')).listen(4711, '127.0.0.1')`;
    const ran = await host([
      { name: 'server', run: `exec node -e "${server}"`, background: true, ready: '(< /dev/tcp/127.0.0.1/4711)' },
      { name: 'client', run: 'cat < /dev/tcp/127.0.0.1/4711 | grep background' },
    ]);
    expect(ran).toMatchObject([{ outcome: 'passed' }, { outcome: 'passed' }]);
  });

  test('is interrupted first when its time is over, so that it can clear up', async () => {
    const trapped = 'trap "echo cleared up; exit 0" INT; echo waiting; sleep 60 & wait';
    await jobs.close();
    jobs = await openJobs({}, {}, PATIENT);
    await jobs.commit({ a: 'a' });
    const [ran] = await host([{ name: 'it', run: trapped, timeoutMs: 5_000 }]);
    expect(ran?.outcome).toBe('timed_out');
    expect((await jobs.lines()).map(({ text }) => text)).toContain('cleared up');
  });

  test('has what its first program has started clean up too, also where that has a group of its own', async () => {
    const cleans = 'trap "sleep 0.5; echo cleaned up; exit" TERM; sleep 300 & wait';
    await jobs.close();
    jobs = await openJobs({}, {}, PATIENT);
    await jobs.commit({ a: 'a' });
    const [ran] = await host([{ name: 'it', run: `setsid sh -c '${cleans}' & sleep 60`, timeoutMs: 5_000 }]);
    expect(ran?.outcome).toBe('timed_out');
    expect((await jobs.lines()).map(({ text }) => text)).toContain('cleaned up');
  });

  test('is killed when it does not listen, with all that it has started', async () => {
    const deaf = 'trap "" INT TERM; setsid sleep 86399 & while true; do sleep 0.1; done';
    expect(await run([deaf], { timeoutMs: 2_000 })).toMatchObject({ outcome: 'timed_out' });
    await expect.poll(() => processes('sleep 86399')).toEqual([]);
  });

  test('leaves no process behind when its step ends', async () => {
    expect(await run(['setsid nohup sleep 86398 > /dev/null 2>&1 & sleep 0.1'])).toMatchObject({ passed: true });
    expect(await processes('sleep 86398')).toEqual([]);
  });

  test('has the priority of jobs', async () => {
    const niceness = Math.min(19, getPriority() + 10);
    const lowered = `for i in $(seq 50); do [ "$(nice)" = ${niceness} ] && exit 0; sleep 0.1; done; exit 1`;
    expect(await run([lowered])).toMatchObject({ passed: true });
  });

  test('has bounds for what it takes', async () => {
    const { output } = await run(['ulimit -u; ulimit -d; ulimit -c']);
    const { processes: most } = jobs.config.jobs.sandbox;
    expect(output).toMatch(new RegExp(`^${most}\\n\\d+\\n0$`));
  });

  test('has what the configuration adds, to read', async () => {
    const tools = join(jobs.folder, 'tools');
    await jobs.close();
    await mkdir(tools);
    await writeFile(join(tools, 'tool'), '#!/bin/sh\necho a tool\n', { mode: 0o755 });
    jobs = await openJobs({ jobs: { sandbox: { readable: [tools] } } });
    await jobs.commit({ a: 'a' });
    expect(await run([`${tools}/tool && ! touch ${tools}/more`])).toMatchObject({ passed: true });
  });

  test('can read no file that the configuration reads secrets from, nor its own, though it lies in a folder that is shown', async () => {
    const tools = join(jobs.folder, 'tools');
    await jobs.close();
    await mkdir(tools);
    const [token, config, seen] = ['token', 'hookyard.config.ts', 'seen'].map((name) => join(tools, name));
    for (const path of [token, config, seen]) await writeFile(path ?? '', 'canary');
    const link = join(jobs.folder, 'link');
    await symlink(token ?? '', link);
    jobs = await openJobs({ jobs: { sandbox: { readable: [tools] } } });
    await jobs.commit({ a: 'a' });
    Object.assign(jobs.config, { file: config, secretFiles: [link, join(tools, 'gone'), join(jobs.config.data, 'x')] });
    const { output } = await run([`cd ${tools}; cat seen; cat token hookyard.config.ts; exit 0`]);
    expect(output.match(/canary/g)).toHaveLength(1);
  });

  test('has no variable of the job read by the programs that make the sandbox', async () => {
    const { lines, passed } = await run(['true'], { env: { LD_PRELOAD: './evil.so', BASH_ENV: './evil.sh' } });
    const said = lines.filter(({ text }) => text.includes('LD_PRELOAD'));
    // Within, each program that begins says that it is not there: `prlimit`, and then the shell.
    expect(said.length).toBeLessThanOrEqual(2);
    expect(passed).toBe(true);
  });
});

inSandbox('the network of a sandbox', () => {
  test('leaves no process behind when it is given back', async () => {
    const mark = `HOOKYARD_MARK=${Date.now()}`;
    const [name = '', value = ''] = mark.split('=');
    const network = await holdNetwork({ marks: { [name]: value } });
    const pid = network.pid();
    await network.close();
    await expect.poll(() => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).not.toContain(mark);
  });
});

inSandbox('code of the repository itself', () => {
  test('runs in a sandbox where its job or the configuration says so', async () => {
    const isAlone = '[ "$(ls /proc | grep -c "^[0-9]")" -lt 10 ]';
    expect(await jobs.run({ steps: [isAlone], runner: 'sandbox' })).toMatchObject({ passed: true });
    await jobs.close();
    jobs = await openJobs({ jobs: { runner: 'sandbox' } });
    await jobs.commit({ a: 'a' });
    expect(await jobs.run({ steps: [isAlone] })).toMatchObject({ passed: true });
    expect(await jobs.run({ steps: [isAlone], runner: 'host' })).toMatchObject({ passed: false });
  });
});

async function processes(command: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.replaceAll('\0', ' ').trim() === command) found.push(pid);
  }
  return found;
}
