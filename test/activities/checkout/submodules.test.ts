import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Context } from '@temporalio/activity';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { borrowedObjects } from '../../../src/activities/job/borrowed-objects.js';
import { createWithJob, type OpenJob } from '../../../src/activities/job/open-job.js';
import { runStep } from '../../../src/activities/job/run-step.js';
import { keepJob, markBegin } from '../../../src/activities/job/snapshots/keep-job.js';
import { findSnapshot, restoreSnapshot } from '../../../src/activities/job/snapshots/snapshots.js';
import { activity, type Jobs, openJobs, WORKFLOW } from '../../support/harness/jobs.js';
import { type GitServer, openGitServer } from '../job/git-server.js';

const AUTHOR = ['-c', 'user.name=T', '-c', 'user.email=t@t.invalid', '-c', 'protocol.file.allow=always'];

let jobs: Jobs;
const closers: (() => Promise<void>)[] = [];
const open = async (...args: Parameters<typeof openJobs>) => {
  jobs = await openJobs(...args);
  closers.push(jobs.close);
};
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Makes the repository `name` beside `acme/app`, with a file and submodules, and returns its commit. */
async function repository(name: string, modules: Record<string, { url: string; sha: string }> = {}): Promise<string> {
  const work = join(jobs.folder, 'others', name);
  const bare = join(jobs.folder, 'repositories', `${name}.git`);
  await mkdir(work, { recursive: true });
  const git = (...args: string[]) => execa('git', [...AUTHOR, ...args], { cwd: work });
  await git('init', '--quiet', '--bare', bare);
  await git('init', '--quiet', '--initial-branch=main');
  await writeFile(join(work, 'name'), `${name}\n`);
  await addModules(work, modules);
  await git('add', 'name');
  await git('commit', '--quiet', '--message=m');
  await git('tag', '--annotate', '--message=one', `of-${name.replace('/', '-')}`);
  await git('push', '--quiet', '--tags', bare, 'HEAD:refs/heads/main');
  return (await git('rev-parse', 'HEAD')).stdout;
}

/** Adds submodules to the index of a work tree, without looking at their addresses. */
async function addModules(work: string, modules: Record<string, { url: string; sha: string }>): Promise<void> {
  const sections = Object.entries(modules).map(
    ([path, { url }]) => `[submodule "${path}"]\npath = ${path}\nurl = ${url}\n`,
  );
  if (sections.length === 0) return;
  await writeFile(join(work, '.gitmodules'), sections.join(''));
  await execa('git', ['add', '.gitmodules'], { cwd: work });
  for (const [path, { sha }] of Object.entries(modules))
    await execa('git', ['update-index', '--add', '--cacheinfo', `160000,${sha},${path}`], { cwd: work });
}

/** Commits submodules into `acme/app`. `gitmodules`: what stands in the file, where that is something else. */
async function app(modules: Record<string, { url: string; sha: string }>, gitmodules?: string): Promise<string> {
  const work = join(jobs.folder, 'work');
  await addModules(work, modules);
  if (gitmodules !== undefined) {
    await writeFile(join(work, '.gitmodules'), gitmodules);
    await jobs.git('add', '.gitmodules');
  }
  await jobs.git('commit', '--quiet', '--allow-empty', '--message=m');
  await jobs.git('push', '--quiet', '--force', join(jobs.folder, 'repositories/acme/app.git'), 'HEAD:refs/heads/main');
  return jobs.git('rev-parse', 'HEAD');
}

const since = () => new Date().toISOString();
const run = (steps: string[], options: object = { submodules: true }, more = {}) =>
  jobs.run({ steps, trust: true, checkout: { options, since: since(), defaultBranch: 'main', ...more } });
const failing = async (options: object = { submodules: true }, more = {}) =>
  activity({ workflowExecution: WORKFLOW }).run(
    jobs.runJob,
    await jobs.input({
      steps: ['true'],
      trust: true,
      checkout: { options, since: since(), defaultBranch: 'main', ...more },
    }),
  );

describe('submodules of a source that is fetched from files', () => {
  beforeEach(() => open());

  test('are checked out where they are asked for, as git knows them', async () => {
    const lib = await repository('acme/lib');
    await app({ 'deps/lib': { url: '../lib.git', sha: lib } });
    const { output } = await run(['cat deps/lib/name; git submodule status; git status --porcelain']);
    expect(output).toBe(`acme/lib\n ${lib} deps/lib (of-acme-lib)`);
    const without = await run(['ls deps/lib'], {});
    expect(without.output).toBe('');
  });

  test('are checked out within one another where that is asked for', async () => {
    const deep = await repository('acme/deep');
    const lib = await repository('acme/lib', { inner: { url: '../deep.git', sha: deep } });
    await app({ lib: { url: '../lib.git', sha: lib } });
    expect((await run(['ls lib/inner'])).output).toBe('');
    const { output } = await run(['cat lib/inner/name; git submodule status --recursive'], { submodules: 'recursive' });
    expect(output).toBe(`acme/deep\n ${lib} lib (of-acme-lib)\n ${deep} lib/inner (of-acme-deep)`);
  });

  test('can write nothing into the log by their names', async () => {
    const lib = await repository('acme/lib');
    await app(
      { 'lib\nforged': { url: '../lib.git', sha: lib } },
      '[submodule "lib"]\npath = "lib\\nforged"\nurl = ../lib.git\n',
    );
    const { lines } = await run(['true']);
    const note = lines.find(({ text }) => text.startsWith('submodule'))?.text;
    expect(note).toContain('"lib\\nforged" at');
  });

  test('whose path is not UTF-8 are a failure', async () => {
    const lib = await repository('acme/lib');
    const work = join(jobs.folder, 'work');
    await app({ lib: { url: '../lib.git', sha: lib } });
    const add = `printf '160000 ${lib}\\tcaf\\351\\n' | git update-index --add --index-info`;
    await execa('sh', ['-c', add], { cwd: work });
    await app({});
    await expect(failing()).rejects.toMatchObject({ type: 'Refused', message: /caf\ufffd" is not UTF-8/ });
  });

  test('stay at the commit that is named, wherever their branches are by now', async () => {
    const lib = await repository('acme/lib');
    await app({ lib: { url: '../lib.git', sha: lib } });
    const bare = join(jobs.folder, 'repositories/acme/lib.git');
    const tree = (await execa('git', ['rev-parse', `${lib}^{tree}`], { cwd: bare })).stdout;
    const next = await execa('git', [...AUTHOR, 'commit-tree', tree, '-m', 'next'], { cwd: bare });
    await execa('git', ['update-ref', 'refs/heads/main', next.stdout], { cwd: bare });
    expect((await run(['git -C lib rev-parse HEAD'])).output).toBe(lib);
  });

  /** Returns what opens a job with all submodules, and what keeps its workspace once a step has failed. */
  async function failingJobs() {
    const { config, store } = jobs;
    const deps = { config, store, log: pino({ level: 'silent' }) };
    const withJob = createWithJob({ ...deps, reportPending: async () => undefined });
    const options = { submodules: 'recursive' } as const;
    const checkout = { options, since: since(), defaultBranch: 'main' };
    const input = { ...(await jobs.input({ steps: [], trust: true, checkout })), steps: 1 };
    const { workflowId } = WORKFLOW;
    const inJob = (work: (job: OpenJob, signal: AbortSignal) => Promise<void>) =>
      activity({ workflowExecution: WORKFLOW }).run(
        () => withJob(input, (job) => work(job, Context.current().cancellationSignal)),
        undefined,
      );
    const keepAfter = (run: string) =>
      inJob(async (job, signal) => {
        const begin = await markBegin(job);
        const step = { name: 'fails', run: `${run}; exit 1` };
        const failed = { number: 1, step, ran: await runStep(job, { step, number: 1, attempt: 1, signal }) };
        await keepJob(deps, { job, workflowId }, { ran: [], since: begin, signal, failed, steps: [step] });
      });
    return { inJob, keepAfter, data: config.data, of: { workflowId, job: 'test' } };
  }

  test('have no file again that a step has removed, where a job goes on in its workspace', async () => {
    const deep = await repository('acme/deep');
    const lib = await repository('acme/lib', { inner: { url: '../deep.git', sha: deep } });
    await app({ lib: { url: '../lib.git', sha: lib }, other: { url: '../deep.git', sha: deep } });
    const { inJob, keepAfter, data, of } = await failingJobs();
    await keepAfter('rm -rf lib/inner/name other');
    await inJob(async ({ workspace, gracePeriods }, signal) => {
      await restoreSnapshot(data, { of, workspace, signal }, gracePeriods);
      const paths = ['lib/name', 'lib/inner/name', 'other'];
      expect(paths.filter((path) => existsSync(join(workspace.source, path)))).toEqual(['lib/name']);
    });
  });

  test.each([
    ['made a commit', `git ${AUTHOR.join(' ')} -C lib/inner commit --quiet --allow-empty --message=more`, true],
    ['made a tag', 'git -C lib tag made', true],
    ['staged a change', 'echo more > lib/name; git -C lib add name', true],
    ['changed files alone', 'echo more > lib/name; git -C lib status', undefined],
  ])('that are not kept where a step has %s are told of beside what is kept', async (_, step, moved) => {
    const deep = await repository('acme/deep');
    const lib = await repository('acme/lib', { inner: { url: '../deep.git', sha: deep } });
    await app({ lib: { url: '../lib.git', sha: lib } });
    const { keepAfter, data, of } = await failingJobs();
    await keepAfter(step);
    expect((await findSnapshot(data, of))?.moved).toBe(moved);
  });

  test('borrow from mirrors, which are left as they are meanwhile', async () => {
    const lib = await repository('acme/lib');
    await app({ lib: { url: '../lib.git', sha: lib } });
    const go = join(jobs.folder, 'go');
    const running = run([`cat lib/.git/objects/info/alternates; until [ -e ${go} ]; do sleep 0.05; done`]);
    await expect.poll(async () => (await borrowedObjects(jobs.config)).size, { timeout: 20_000 }).toBe(2);
    const borrowed = [...(await borrowedObjects(jobs.config))];
    await writeFile(go, '');
    expect(borrowed).toContain((await running).output.trim());
  });

  test('that are gone, or not named, are a failure that says which', async () => {
    const lib = await repository('acme/lib');
    await app(
      { lib: { url: '../lib.git', sha: lib }, other: { url: '../other.git', sha: lib } },
      '[submodule "lib"]\npath = lib\nurl = ../lib.git\n',
    );
    await expect(failing()).rejects.toMatchObject({ type: 'Refused', message: /no url for the submodule "other"/ });
    await app({ lib: { url: '../lib.git', sha: '1'.repeat(40) }, other: { url: '../lib.git', sha: lib } });
    await expect(failing()).rejects.toMatchObject({ type: 'Gone', message: /commit 1{12} is not in .*lib\.git/ });
  });

  test('that say "update = none" are left out, and nothing of .gitmodules is run', async () => {
    const lib = await repository('acme/lib');
    const ran = join(jobs.folder, 'ran');
    const section = (name: string, update: string) =>
      `[submodule "${name}"]\npath = ${name}\nurl = ../lib.git\nupdate = ${update}\n`;
    await app(
      { none: { url: '../lib.git', sha: lib }, lib: { url: '../lib.git', sha: lib } },
      `${section('none', 'none')}${section('lib', `!touch ${ran}`)}[include]\npath = ${ran}\n`,
    );
    expect((await run(['ls none; cat lib/name'])).output).toBe('acme/lib');
    expect(await readdir(jobs.folder)).not.toContain('ran');
  });

  test.each(['ext::sh -c id', '/etc', '../../../../../etc/lib', '--upload-pack=id', 'https://a:b@git.example/x/y'])(
    'at %s are refused',
    async (url) => {
      const lib = await repository('acme/lib');
      await app({ lib: { url, sha: lib } });
      await expect(failing()).rejects.toMatchObject({ type: 'Refused', message: /the submodule "lib" is at/ });
      expect(await jobs.workspaces()).toEqual([]);
    },
  );

  test("of a stranger's code are not fetched from the worker's files", async () => {
    const lib = await repository('acme/lib');
    await app({ lib: { url: '../lib.git', sha: lib } });
    await expect(failing({ submodules: true }, { untrusted: true })).rejects.toMatchObject({ type: 'Refused' });
  });
});

describe('submodules by http', () => {
  const TOKEN = 'canary-submodule-token';
  const basic = (token: string) => `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  let own: GitServer;
  let other: GitServer;
  let lib: string;
  beforeEach(async () => {
    own = await openGitServer(basic(TOKEN));
    other = await openGitServer('');
    closers.push(own.close, other.close);
    const clone = { url: `${own.url}/{fullName}.git`, token: { env: 'CLONE' } };
    await open({ sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }], clone } } }, { CLONE: TOKEN });
    own.root = join(jobs.folder, 'repositories');
    other.root = own.root;
    other.accepts = () => true;
    lib = await repository('acme/lib');
  });

  test("get the source's credentials on its own host, which no step finds", async () => {
    await app({ lib: { url: `${own.url}/acme/lib.git`, sha: lib } });
    const { output, passed } = await run(['cat lib/name; cat lib/.git/config .git/config; env']);
    expect(passed).toBe(true);
    expect(output).toContain('acme/lib');
    expect(output).not.toMatch(/\*\*\*/);
    expect(new Set(own.authorizations)).toEqual(new Set([basic(TOKEN)]));
  });

  test('get none on another host', async () => {
    await app({ lib: { url: `${other.url}/acme/lib.git`, sha: lib } });
    expect((await run(['cat lib/name'])).output).toBe('acme/lib');
    expect(other.authorizations.length).toBeGreaterThan(0);
    expect(new Set(other.authorizations)).toEqual(new Set([undefined]));
  });

  test("of other owners get the source's where they are named, and a failure says what to name", async () => {
    const tools = await repository('tools/lib');
    await app({ lib: { url: '../../tools/lib.git', sha: tools } });
    await expect(failing()).rejects.toMatchObject({
      type: 'Refused',
      message: expect.stringMatching(/tools\/lib\.git.*checkout\.submoduleOwners would have to name "tools"/s),
    });
    const named = { submodules: true, submoduleOwners: ['tools'] };
    expect((await run(['cat lib/name'], named)).output).toBe('tools/lib');
    own.accepts = () => true;
    const { lines, output } = await run(['cat lib/name']);
    expect(output).toBe('tools/lib');
    expect(lines.map(({ text }) => text).join('\n')).toContain('without credentials: it is of another owner');
  });

  test.each([
    ['a merge group', { queued: true }],
    ['a push to a branch of the queue', { ref: 'refs/heads/gh-readonly-queue/main/pr-1-aaaa' }],
  ])('of %s get none: forks are merged there', async (_, checkout) => {
    const sha = await app({ lib: { url: '../lib.git', sha: lib } });
    await jobs.git(
      'push',
      '--quiet',
      join(own.root, 'acme/app.git'),
      `${sha}:refs/heads/gh-readonly-queue/main/pr-1-aaaa`,
    );
    await expect(failing({ submodules: true }, { sha, ...checkout })).rejects.toMatchObject({
      type: 'Refused',
      message: expect.stringMatching(/lib\.git.*without credentials: the code may be a stranger's/s),
    });
  });

  test("of a stranger's code get none on the source's own host either", async () => {
    await app({ lib: { url: '../lib.git', sha: lib } });
    const before = own.authorizations.length;
    await expect(failing({ submodules: true }, { untrusted: true })).rejects.toThrow(/lib\.git/);
    const asked = own.authorizations.slice(before);
    expect(asked).toContain(undefined);
    // What is public is there for everybody.
    own.accepts = () => true;
    expect((await run(['cat lib/name'], { submodules: true }, { untrusted: true })).output).toBe('acme/lib');
  });
});

test('the mirror of a submodule knows nothing of credentials', async () => {
  await open();
  const lib = await repository('acme/lib');
  await app({ lib: { url: '../lib.git', sha: lib } });
  await run(['true']);
  const mirrors = join(jobs.config.data, 'mirrors');
  for (const name of await readdir(mirrors))
    expect(await readFile(join(mirrors, name, '1', 'config'), 'utf8')).not.toMatch(/url|extraHeader/i);
  await rm(dirname(mirrors), { recursive: true, force: true });
});
