import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Context } from '@temporalio/activity';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StepRan } from '../../../../src/activities/contract/index.js';
import { createWithJob } from '../../../../src/activities/job/open-job.js';
import { runStep } from '../../../../src/activities/job/run-step.js';
import { keepJob, markBegin } from '../../../../src/activities/job/snapshots/keep-job.js';
import { restoreSnapshot } from '../../../../src/activities/job/snapshots/snapshots.js';
import { workspacePrefix, workspaceRoot } from '../../../../src/activities/job/workspace-root.js';
import { activity, type Jobs, mirrorOf, openJobs, WORKFLOW } from '../../../support/harness/jobs.js';
import { inSandbox } from '../../../support/harness/needs-sandbox.js';

const CANARY = 'canary-of-the-worker';
const FORK = { untrusted: true as const, defaultBranch: 'main' };
/** A system call, by its number on this processor; where it is not known, one that fails. */
const call = (x64: number, arm64: number) => ({ x64, arm64 })[process.arch as 'x64' | 'arm64'] ?? -1;

let jobs: Jobs;
/** Has what a worker has in its environment. */
let decoy: ChildProcess | undefined;
let servers: Server[] = [];
let port: number;
/** Each ends with 0 where it has worked, as a command line. */
let attacks: Record<string, string>;
let ran: Record<string, StepRan>;
const other = () => `${workspacePrefix(jobs.config)}of-another-job`;
let workspace: string;

function listen(where: object): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on('error', () => undefined).end(CANARY));
    server.on('error', reject).listen(where, () => resolve(server));
  });
}

inSandbox("a stranger's code", () => {
  beforeAll(async () => {
    decoy = spawn('sleep', ['600'], { env: { ...process.env, HOOKYARD_CANARY: CANARY } });
    jobs = await openJobs();
    await jobs.commit({ 'word.txt': 'hello\n' });
    const { data } = jobs.config;
    const abstract = `\0hookyard-${process.pid}`;
    const socket = join(jobs.folder, 'docker.sock');
    servers = [
      await listen({ port: 0, host: '0.0.0.0' }),
      await listen({ path: abstract }),
      await listen({ path: socket }),
    ];
    port = (servers[0]?.address() as AddressInfo | undefined)?.port ?? 0;
    await writeFile(join(data, 'callback-key'), CANARY);
    workspace = join(await workspaceRoot(jobs.config), other());
    await mkdir(join(workspace, 'src'), { recursive: true });
    await writeFile(join(workspace, 'src/secret'), CANARY);
    const shared = `/dev/shm/hookyard-${process.pid}`;
    await writeFile(shared, CANARY);
    // Makes the mirror.
    await jobs.run({ steps: ['true'] });
    const mirror = await mirrorOf(jobs);
    const own = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
    const tcp = (host: string) => `timeout 5 bash -c 'cat < /dev/tcp/${host}/${port}' | grep ${CANARY}`;
    const node = (code: string) => `node -e "${code}"`;
    const perl = (code: string) => `perl -e '${code}'`;
    const connected = (path: string) =>
      node(
        `require('net').connect({ path: ${path} }).on('connect', () => process.exit(0)).on('error', (e) => { console.error(e.message); process.exit(1) })`,
      );
    attacks = {
      "reads the worker's environment": `{ cat /proc/[0-9]*/environ 2> /dev/null || true; } | tr '\\0' '\\n' | grep ${CANARY}`,
      'reads the data folder': `ls ${data} | grep -v mirrors`,
      'reads the database': `cat ${data}/hookyard.db`,
      'reads what other runs have printed': `grep -r . ${data} 2> /dev/null | grep -v mirrors`,
      'reads the callback key': `cat ${data}/callback-key`,
      'reads what a mirror is configured with': `cat ${mirror}/config`,
      'writes to a mirror': `touch ${mirror}/objects/made`,
      "reads another job's workspace": `cat ${workspace}/src/secret`,
      'lists workspaces': `ls ${join(workspace, '..')} | grep another`,
      'notes another owner of its workspace': 'echo x > "$HOOKYARD_WORKSPACE/owner.json"',
      'reads the project': `ls ${process.cwd()}/package.json`,
      'reads homes': 'ls /root /home 2> /dev/null | grep .',
      "reads the machine's accounts": 'ls /etc/shadow /etc/ssh /etc/gitconfig 2> /dev/null | grep .',
      'opens the API on loopback': tcp('127.0.0.1'),
      "opens Temporal's port by the name of this machine": tcp('localhost'),
      ...(own && { "opens a port of the machine's own address": tcp(own) }),
      'opens the network': "timeout 5 bash -c '< /dev/tcp/192.0.2.1/80'",
      'asks a name server': 'timeout 5 getent hosts example.com',
      'opens an abstract socket': connected(`'\\0hookyard-${process.pid}'`),
      "opens a service's socket": connected(`'${socket}'`),
      'opens sockets of D-Bus or Docker':
        'ls /run/dbus /run/user /run/docker.sock /var/run/docker.sock 2> /dev/null | grep .',
      "opens a socket to a virtual machine's host": perl(`exit(syscall(${call(41, 198)}, 40, 1, 0) < 0)`),
      'sees processes of others': `ls -d /proc/${process.pid}`,
      'stops the worker': `kill -0 ${process.pid}`,
      'traces the worker': perl(`exit(syscall(${call(101, 117)}, 16, ${process.pid}, 0, 0) < 0)`),
      'reads shared memory': `cat ${shared}`,
      'reads the keys of the session': perl(`exit(syscall(${call(250, 219)}, 0, -3, 0) < 0)`),
      'types into the terminal': perl('ioctl(STDIN, 0x5412, "x"); exit($! == 1)'),
      mounts: 'mount -t tmpfs none /tmp',
      'mounts the root again to write': 'mount -o remount,rw /',
      'makes a namespace with rights of its own': 'unshare --user --map-root-user true',
      'has capabilities': "grep -E '^Cap(Eff|Prm|Bnd):.*[1-9a-f]' /proc/self/status",
      'gains rights by setuid programs': "grep 'NoNewPrivs:.*0' /proc/self/status",
      'writes to the system': '[ -w /usr/bin ] || [ -w /etc ] || [ -w / ]',
      'writes settings of the kernel': 'cat /proc/sys/kernel/core_pattern | tee /proc/sys/kernel/core_pattern',
      'reads devices and the kernel':
        'ls /sys/class /dev/vda /dev/sda /dev/mem /dev/kmsg 2> /dev/null | grep . || head -c 1 /proc/kcore',
      'uses files that the worker has open': perl('for (3 .. 1023) { open(my $file, "<&=", $_) and exit 0 } exit 1'),
      'learns the name of the machine': `hostname | grep -x ${hostname()}`,
    };
    const steps = Object.entries(attacks).map(([name, run]) => ({ name, run }));
    const results = await jobs.host({ steps, checkout: FORK, timeoutMs: 200_000 });
    ran = Object.fromEntries(results.map((one) => [one.name, one]));
    await rm(shared);
  }, 240_000);
  afterAll(async () => {
    decoy?.kill();
    for (const server of servers) server.close();
    if (workspace) await rm(workspace, { recursive: true, force: true });
    await jobs?.close();
  });

  test('finds that each of its attacks fails, and the log says so', async () => {
    const worked = Object.values(ran).filter(({ outcome }) => outcome !== 'failed');
    expect(worked).toEqual([]);
    expect(Object.keys(ran)).toEqual(Object.keys(attacks));
    const lines = (await jobs.lines()).map(({ text }) => text);
    for (const name of Object.keys(attacks))
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${name}: failed`)));
    expect(lines.join('\n')).not.toContain(CANARY);
  });

  test('shows in the same way what works outside, so that no attack fails by itself', async () => {
    const outside = [
      "reads the worker's environment",
      'reads the callback key',
      "reads another job's workspace",
      'opens the API on loopback',
      'opens an abstract socket',
      "opens a service's socket",
      'sees processes of others',
      'stops the worker',
      'lists workspaces',
      'reads the data folder',
    ];
    const steps = outside.map((name) => ({ name, run: attacks[name] ?? '' }));
    const results = await jobs.host({ steps, trust: true, checkout: FORK });
    expect(results.filter(({ outcome }) => outcome !== 'passed').map(({ name }) => name)).toEqual([]);
  });

  describe('by a link out of its workspace', () => {
    test('as outputs, summary or report gets nothing out', async () => {
      const key = join(jobs.config.data, 'callback-key');
      await writeFile(key, `key=${CANARY}\n`);
      const report = join(jobs.config.data, 'report.xml');
      await writeFile(report, `<testsuite><testcase name="${CANARY}"/></testsuite>`);
      const link = (path: string) => `ln -sf ${path}`;
      const results = await jobs.host({
        checkout: FORK,
        steps: [
          { name: 'outputs', run: `rm -f "$HOOKYARD_OUTPUT"; ${link(key)} "$HOOKYARD_OUTPUT"` },
          { name: 'summary', run: `rm -f "$HOOKYARD_SUMMARY"; ${link(key)} "$HOOKYARD_SUMMARY"` },
          {
            name: 'their folder',
            run: `mv "$(dirname "$HOOKYARD_OUTPUT")" x || rmdir "$(dirname "$HOOKYARD_OUTPUT")"`,
          },
          { name: 'report', run: `${link(report)} report.xml`, tests: ['*.xml'] },
          { name: 'folder of reports', run: `${link(jobs.config.data)} reports`, tests: ['reports/*.xml'] },
          { name: 'matcher', run: `${link(key)} m.json; echo "::add-matcher::m.json"`, problems: [] },
        ],
      });
      expect(JSON.stringify(results)).not.toContain(CANARY);
      expect(results[2]).toMatchObject({ outcome: 'failed' });
    });

    test('as what is kept of its workspace gets nothing out, also where a step swaps folders meanwhile', async () => {
      const deps = { config: jobs.config, log: pino({ level: 'silent' }) };
      await mkdir(join(jobs.config.data, 'inside'), { recursive: true });
      await writeFile(join(jobs.config.data, 'inside/word'), CANARY);
      const swap = `mkdir real && echo own > real/word; while true; do ln -sfn ${jobs.config.data}/inside swapped; rm swapped; mkdir swapped; echo own > swapped/word; rm -r swapped; done`;
      const again = await tempWorkspace();
      await inJob(async (job) => {
        const since = await markBegin(job);
        const { cancellationSignal: signal } = Context.current();
        const background = { name: 'swaps', run: swap, background: true as const };
        await runStep(job, { step: background, number: 1, attempt: 1, signal });
        const step = {
          name: 'links',
          run: `ln -s ${jobs.config.data}/callback-key key; ln -s ${jobs.config.data} data; exit 1`,
        };
        const failed = { number: 2, step, ran: await runStep(job, { step, number: 2, attempt: 1, signal }) };
        const kept = await keepJob(
          deps,
          { job, workflowId: WORKFLOW.workflowId },
          { ran: [], since, signal, failed, steps: [background, step] },
        );
        expect(kept).toMatchObject({ kind: 'kept' });
        const of = { workflowId: WORKFLOW.workflowId, job: 'test' };
        await restoreSnapshot(jobs.config.data, { of, workspace: { folder: again }, signal }, job.gracePeriods);
      });
      expect(await contentsOf(again)).not.toContain(CANARY);
    });
  });

  describe('by what it leaves for the git of the worker', () => {
    /** What git runs by itself, by where that is said. Each leaves a file in the home of the job. */
    const ways: Record<string, (evil: string) => string> = {
      'core.fsmonitor': (evil) => `git config core.fsmonitor "${evil}"`,
      'a .gitattributes filter': (evil) =>
        `echo '* filter=evil diff=evil merge=evil' > .gitattributes; git config filter.evil.clean "${evil}"; git config filter.evil.smudge "${evil}"`,
      hooks: (evil) =>
        `printf '#!/bin/sh\\n${evil}\\n' | tee .git/hooks/post-checkout .git/hooks/post-index-change .git/hooks/reference-transaction > /dev/null; chmod +x .git/hooks/*`,
      '.gitmodules': (evil) =>
        `printf '[submodule "x"]\\n\\tpath = x\\n\\turl = ./x\\n\\tupdate = !${evil}\\n' > .gitmodules; git config submodule.x.active true; git config submodule.x.update "!${evil}"`,
      'an alias': (evil) => `git config alias.ls-tree "!${evil}"; git config alias.ls-files "!${evil}"`,
      'a pager, a diff program and ssh': (evil) =>
        `for name in core.pager diff.external core.sshCommand; do git config $name "${evil}"; done`,
    };
    const markOf = (name: string) => `ran-${name.replaceAll(/\W+/g, '-')}`;

    test('has none of its programs run, and the log says so of each', async () => {
      await jobs.commit({
        '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = ${jobs.config.data}\n\tupdate = !touch ${jobs.folder}/ran-gitmodules\n`,
        '.lfsconfig': `[lfs]\n\turl = ext::touch ${jobs.folder}/ran-lfs\n`,
        '.gitconfig': `[core]\n\tfsmonitor = touch ${jobs.folder}/ran-gitconfig\n`,
      });
      const deps = { config: jobs.config, log: pino({ level: 'silent' }) };
      await inJob(async (job) => {
        const since = await markBegin(job);
        const { cancellationSignal: signal } = Context.current();
        let number = 0;
        const runs = (name: string, run: string) =>
          runStep(job, { step: { name, run }, number: ++number, attempt: 1, signal });
        for (const [name, plant] of Object.entries(ways))
          expect(await runs(`plants ${name}`, plant(`touch ${job.workspace.home}/${markOf(name)}`))).toMatchObject({
            outcome: 'passed',
          });
        const rest = `echo ${jobs.config.data} >> .git/objects/info/alternates; git -c core.fsmonitor= -c core.hooksPath=/dev/null rm -q --cached word.txt; rm -f ~/ran-*; exit 1`;
        const step = { name: 'spoils the rest', run: rest };
        const failed = { number: 99, step, ran: await runs(step.name, step.run) };
        await keepJob(deps, { job, workflowId: 'ci/github/git' }, { ran: [], since, signal, failed, steps: [step] });
        expect(await job.tracked(signal)).toContain('word.txt');
        for (const name of Object.keys(ways))
          expect(await runs(`has ${name} run by the worker`, `ls ~/${markOf(name)}`)).toMatchObject({
            outcome: 'failed',
          });
        // Without what Hookyard's git is told, two of them run at once: they don't fail by themselves.
        await execa('git', ['-C', job.workspace.source, 'status'], { reject: false });
        expect(await readdir(job.workspace.home)).toEqual(expect.arrayContaining([markOf('core.fsmonitor')]));
      });
      expect((await readdir(jobs.folder)).filter((name) => name.startsWith('ran-'))).toEqual([]);
      const lines = (await jobs.lines()).map(({ text }) => text);
      for (const name of Object.keys(ways))
        expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^has ${name} run by the worker: failed`)));
    });
  });

  test('leaves no process, though it goes its own way, takes another name and clears its environment', async () => {
    const seconds = String(randomInt(100_000_000, 999_999_999));
    const { passed } = await jobs.run({
      steps: [`(setsid env -i bash -c 'exec -a kworker sleep ${seconds}' > /dev/null 2>&1 &); sleep 0.2`],
      checkout: FORK,
    });
    expect(passed).toBe(true);
    expect(await runningWith(seconds)).toEqual([]);
  });
});

/** Opens a stranger's job as workers do. */
function inJob(work: Parameters<ReturnType<typeof createWithJob>>[1]): Promise<unknown> {
  const { config, store } = jobs;
  const log = pino({ level: 'silent' });
  const withJob = createWithJob({
    ...{ config, store, log, reportPending: async () => undefined },
    gracePeriods: { interruptMs: 200, terminateMs: 200 },
  });
  return activity({ workflowExecution: WORKFLOW, workflowType: 'ci', heartbeatTimeoutMs: 60_000 }).run(
    async () => withJob({ ...(await jobs.input({ steps: [], checkout: FORK })), steps: 2 }, work),
    undefined,
  );
}

async function tempWorkspace(): Promise<string> {
  const folder = join(jobs.folder, 'again');
  for (const name of ['src', 'home']) await mkdir(join(folder, name), { recursive: true });
  return folder;
}

/** Returns what all plain files below a folder hold. */
async function contentsOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))).join(
    '\n',
  );
}

async function runningWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text)) found.push(pid);
  }
  return found;
}
