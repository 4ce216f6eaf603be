import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa, execaSync } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { activity, type Jobs, mirrorOf, openJobs, WORKFLOW } from '../../support/harness/jobs.js';
import { tempFolder } from '../../support/temp-folder.js';
import { type GitServer, openGitServer } from '../job/git-server.js';
import type { SourceInput } from '../job/git-sources.js';

const CONTENT = 'what Git LFS keeps\n'.repeat(100);
const OID = createHash('sha256').update(CONTENT).digest('hex');
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize ${Buffer.byteLength(CONTENT)}\n`;
const ATTRIBUTES = '*.bin filter=lfs diff=lfs merge=lfs -text\n';

const { PATH = '' } = process.env;
/** The programs that are there but `git-lfs`, which lies beside git on many machines. */
let without: string;
let shadows: string;
const hasLfs = execaSync('git', ['lfs', 'version'], { reject: false }).exitCode === 0;

beforeAll(async () => {
  shadows = await tempFolder('without-lfs');
  const folders = PATH.split(delimiter).map(async (folder, at) => {
    const names = await readdir(folder).catch((): string[] => []);
    if (!names.includes('git-lfs')) return folder;
    const shadow = join(shadows, String(at));
    await mkdir(shadow);
    for (const name of names) if (name !== 'git-lfs') await symlink(join(folder, name), join(shadow, name));
    return shadow;
  });
  without = (await Promise.all(folders)).join(delimiter);
});
afterAll(() => rm(shadows, { recursive: true, force: true }));

let jobs: Jobs;
beforeEach(async () => {
  jobs = await openJobs();
  process.env.PATH = without;
});
afterEach(async () => {
  process.env.PATH = PATH;
  await jobs.close();
});

const files = { '.gitattributes': ATTRIBUTES, 'assets/a.bin': POINTER, 'assets/ü.bin': POINTER, 'word.txt': 'x\n' };
const run = (steps: string[], options: object = {}) =>
  jobs.run({ steps, checkout: { options, defaultBranch: 'main' } });
const failing = async () =>
  activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, await jobs.input({ steps: ['true'] }));

test('without git-lfs, a job fails at once with the names of the files, and with what to install', async () => {
  await jobs.commit(files);
  await expect(failing()).rejects.toMatchObject({
    type: 'NotConfigured',
    nonRetryable: true,
    message: expect.stringMatching(/"assets\/a\.bin", "assets\/ü\.bin", and .*install it there.*lfs: false/s),
  });
});

test('a name that is not UTF-8 hides no pointer', async () => {
  await jobs.commit({ '.gitattributes': ATTRIBUTES });
  const work = join(jobs.folder, 'work');
  const blob = execaSync('git', ['hash-object', '-w', '--stdin'], { cwd: work, input: POINTER }).stdout;
  const add = `printf '100644 ${blob}\\tcaf\\351.bin\\n' | git update-index --add --index-info`;
  execaSync('sh', ['-c', add], { cwd: work });
  await jobs.git('commit', '--quiet', '--message=m');
  await jobs.git('push', '--quiet', join(jobs.folder, 'repositories/acme/app.git'), 'HEAD:refs/heads/main');
  await expect(failing()).rejects.toMatchObject({ type: 'NotConfigured', message: /keeps "caf\ufffd\.bin", and/ });
});

test('of many files, some are named and the rest counted', async () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}.bin`, POINTER]));
  await jobs.commit({ ...many, '.gitattributes': ATTRIBUTES });
  await expect(failing()).rejects.toThrow(/and 10 more files/);
});

test('pointers are there for those who want them', async () => {
  await jobs.commit(files);
  expect((await run(['cat assets/a.bin'], { lfs: false })).output).toBe(POINTER.trim());
});

test('what only looks like a pointer, or is no pointer, is left alone', async () => {
  await jobs.commit({ ...files, 'assets/a.bin': 'committed as it is\n', 'assets/ü.bin': '', 'doc.txt': POINTER });
  expect((await run(['cat assets/a.bin doc.txt'])).output).toBe(`committed as it is\n${POINTER.trim()}`);
});

test('a git-lfs that says that all is well and leaves a pointer is not believed', async () => {
  await jobs.commit(files);
  const folder = join(jobs.folder, 'programs');
  await mkdir(folder);
  await writeFile(join(folder, 'git-lfs'), '#!/bin/sh\nexit 0\n');
  await chmod(join(folder, 'git-lfs'), 0o755);
  process.env.PATH = `${folder}${delimiter}${without}`;
  await expect(failing()).rejects.toThrow(/git-lfs does not get "assets\/a\.bin", "assets\/ü\.bin" from/);
});

test.each(['[lfs]\n\turl', '[remote "origin"]\n\tlfsurl'])(
  'a server that %j of .lfsconfig names must be an https one',
  async (name) => {
    await jobs.commit({ ...files, '.lfsconfig': `${name} = ssh://git.example/x\n` });
    const folder = join(jobs.folder, 'programs');
    await mkdir(folder);
    await writeFile(join(folder, 'git-lfs'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    process.env.PATH = `${folder}${delimiter}${without}`;
    await expect(failing()).rejects.toMatchObject({
      type: 'Refused',
      message: expect.stringMatching(/names "ssh:.*must be an https address without a password/),
    });
  },
);

describe('the code of a fork', () => {
  const SSH = (host: string) => `[lfs]\n\turl = ssh://${host}/x\n`;
  /** Where the failure says that Git LFS was to be asked. */
  const asked = async (checkout: object) => {
    const since = new Date().toISOString();
    const input = await jobs.input({
      ...{ steps: ['true'], trust: true },
      checkout: { defaultBranch: 'main', since, ...checkout },
    });
    const failure: Error = await activity({ workflowExecution: WORKFLOW })
      .run(jobs.runJob, input)
      .then(
        () => new Error('passed'),
        (error) => error,
      );
    return /"ssh:\/\/([^/]+)/.exec(failure.message)?.[1] ?? failure.message;
  };
  const proposed = async (settings: string, ref: string) => {
    await jobs.git('checkout', '--quiet', '-b', 'proposed');
    const sha = await jobs.commit({ ...files, '.lfsconfig': settings }, 'proposed');
    await jobs.git('push', '--quiet', join(jobs.folder, 'repositories/acme/app.git'), `HEAD:${ref}`);
    await jobs.git('checkout', '--quiet', 'main');
    return sha;
  };
  beforeEach(async () => {
    const folder = join(jobs.folder, 'programs');
    await mkdir(folder);
    await writeFile(join(folder, 'git-lfs'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    process.env.PATH = `${folder}${delimiter}${without}`;
  });

  test.each([
    ['the base branch', { base: 'main' }],
    ['the default branch, where no base is known,', {}],
  ])('asks the server that %s names, and not the one that it names itself', async (_, checkout) => {
    await jobs.commit({ ...files, '.lfsconfig': SSH('git.example') });
    const sha = await proposed(SSH('evil.example'), 'refs/pull/7/head');
    const pullRequest = { number: 7, head: { ref: 'main', repository: 'eve/app' } };
    expect(await asked({ ...checkout, sha, pullRequest })).toBe('git.example');
    expect(await asked({ ...checkout, sha, untrusted: true, ref: 'refs/pull/7/head' })).toBe('git.example');
    await jobs.commit({ '.lfsconfig': '' });
    expect(await asked({ ...checkout, sha, pullRequest })).toMatch(/git-lfs does not get/);
  });

  test('does so though its branch is called as the base branch, where a fork is fetched from itself', async () => {
    await jobs.commit({ ...files, '.lfsconfig': SSH('git.example') });
    const sha = await proposed(SSH('evil.example'), 'refs/pull/7/head');
    await execa('cp', ['-r', 'acme', 'eve'], { cwd: join(jobs.folder, 'repositories') });
    await execa('git', ['update-ref', 'refs/heads/main', sha], { cwd: join(jobs.folder, 'repositories/eve/app.git') });
    Object.assign(jobs.config.sources.github ?? {}, { kind: 'bitbucket-cloud' });
    const pullRequest = { number: 7, head: { ref: 'main', repository: 'eve/app' } };
    expect(await asked({ base: 'main', sha, pullRequest })).toBe('git.example');
  });
});

describe('a git-lfs whose server fails, and which writes down what it was started with,', () => {
  const TOKEN = 'canary-lfs-token';
  const basic = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');
  let server: GitServer;
  beforeEach(async () => {
    await jobs.close();
    server = await openGitServer(`Basic ${basic}`);
    const clone = { url: `${server.url}/{fullName}.git`, token: { env: 'CLONE' } };
    const github: SourceInput = { kind: 'github', secrets: [{ env: 'HOOK' }], clone };
    jobs = await openJobs({ sources: { github } }, { CLONE: TOKEN });
    server.root = join(jobs.folder, 'repositories');
    await jobs.commit(files);
    const folder = join(jobs.folder, 'programs');
    await mkdir(folder);
    const [, host] = server.url.split('//');
    // As git-lfs does: variables by a part of their names, and credentials by asking git for them.
    const program = `#!/bin/sh
test "$1" = filter-process || exit 0
logs="$(git config lfs.storage)/logs" && mkdir -p "$logs" && env | grep '^[^=]*GIT_' > "$logs/one.log"
ask() { printf 'protocol=http\\nhost=%s\\n\\n' "$1" | git credential fill > "$logs/$1.answer" 2>&1; }
ask ${host} && cp "$logs/${host}.answer" ${folder}/own; rm -f "$logs/${host}.answer"
ask evil.example && cp "$logs/evil.example.answer" ${folder}/other
echo 'assets/404.bin: HTTP 503' >&2; exit 2
`;
    await writeFile(join(folder, 'git-lfs'), program);
    await chmod(join(folder, 'git-lfs'), 0o755);
    process.env.PATH = `${folder}${delimiter}${without}`;
  });
  afterEach(() => server.close());

  test('has credentials when it asks, for the own host alone, and writes none of them down', async () => {
    await expect(failing()).rejects.toMatchObject({ type: 'Away', message: /git-lfs does not get .*HTTP 503/ });
    expect(await readFile(join(jobs.folder, 'programs/own'), 'utf8')).toMatch(
      new RegExp(`username=x-access-token\npassword=${TOKEN}\n`),
    );
    expect(await readdir(join(jobs.folder, 'programs'))).not.toContain('other');
    expect(await readdir(join(await mirrorOf(jobs), 'hookyard-lfs/logs'))).toContain('one.log');
    const found = execaSync('grep', ['-rl', '-e', TOKEN, '-e', basic, jobs.config.data], { reject: false });
    expect(found.stdout).toBe('');
  });
});

describe.skipIf(!hasLfs)('with the git-lfs of this machine', () => {
  const bare = () => join(jobs.folder, 'repositories/acme/app.git');
  beforeEach(async () => {
    process.env.PATH = PATH;
    const folder = join(bare(), 'lfs/objects', OID.slice(0, 2), OID.slice(2, 4));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, OID), CONTENT);
    await jobs.commit(files);
  });

  test('content is there, and git sees no change', async () => {
    const { output, passed } = await run(['cat assets/a.bin', 'cmp assets/a.bin assets/ü.bin; git status --porcelain']);
    expect(passed).toBe(true);
    expect(output).toBe(CONTENT.trim());
  });

  test('what the server does not have is a failure that names the file', async () => {
    const gone = POINTER.replace(OID, 'a'.repeat(64));
    await jobs.commit({ 'assets/gone.bin': gone });
    await expect(failing()).rejects.toThrow(/git-lfs does not get "assets\/gone\.bin"/);
  });

  test('an .lfsconfig that leaves files out, or leads elsewhere, leaves no pointer', async () => {
    await jobs.commit({ '.lfsconfig': '[lfs]\n\tfetchexclude = assets\n' });
    expect((await run(['sha256sum assets/a.bin'])).output).toContain(OID);
    await jobs.commit({ '.lfsconfig': '[lfs]\n\turl = ssh://evil.example/x\n' });
    await expect(failing()).rejects.toMatchObject({
      type: 'Refused',
      message: /must be an https address without a password/,
    });
  });

  describe('by http', () => {
    const TOKEN = 'canary-lfs-token';
    const basic = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
    let server: GitServer;
    beforeEach(async () => {
      await jobs.close();
      server = await openGitServer(basic);
      const clone = { url: `${server.url}/{fullName}.git`, token: { env: 'CLONE' } };
      const github: SourceInput = { kind: 'github', secrets: [{ env: 'HOOK' }], clone };
      jobs = await openJobs({ sources: { github } }, { CLONE: TOKEN });
      server.root = join(jobs.folder, 'repositories');
      await jobs.commit(files);
    });
    afterEach(() => server.close());

    test("the source's credentials are sent, and nobody finds them", async () => {
      server.kept.set(OID, CONTENT);
      const { output } = await run(['sha256sum assets/a.bin; cat .git/config; env']);
      expect(output).toContain(OID);
      expect(output).not.toContain('***');
      expect(new Set(server.authorizations)).toEqual(new Set([basic]));
    });

    test('what was fetched is kept beside the mirror for the next job, out of the reach of its git-lfs', async () => {
      server.kept.set(OID, CONTENT);
      await run(['true']);
      expect(await readdir(join(await mirrorOf(jobs), 'hookyard-lfs/objects'), { recursive: true })).toContain(
        join(OID.slice(0, 2), OID.slice(2, 4), OID),
      );
      server.kept.clear();
      const { output } = await run(['sha256sum assets/a.bin; find .git -links +1 -type f']);
      expect(output.trim()).toBe(`${OID}  assets/a.bin`);
    });

    test('it is there, or its pointer, as each job asks, whatever the job before has left', async () => {
      server.kept.set(OID, CONTENT);
      const first = async (options: object) => (await run(['head -1 assets/a.bin'], options)).output;
      const [content, pointer] = [CONTENT, POINTER].map((text) => text.split('\n')[0]);
      expect([await first({}), await first({ lfs: false }), await first({}), await first({})]).toEqual([
        content,
        pointer,
        content,
        content,
      ]);
    });

    test('what only the fork has, which a pull request is fetched from, comes from there', async () => {
      Object.assign(jobs.config.sources.github ?? {}, { kind: 'bitbucket-cloud' });
      const other = 'of the fork alone\n'.repeat(90);
      const oid = createHash('sha256').update(other).digest('hex');
      const pointer = POINTER.replace(OID, oid).replace(/size \d+/, `size ${other.length}`);
      const sha = await jobs.commit({ 'assets/new.bin': pointer }, 'topic');
      await execa('cp', ['-r', 'acme', 'eve'], { cwd: server.root });
      server.kept.set(`acme/app:${OID}`, CONTENT);
      // That provider's tokens have other names.
      server.accepts = () => true;
      const pullRequest = { number: 7, head: { ref: 'topic', repository: 'eve/app' } };
      const checkout = { sha, pullRequest, base: 'main', defaultBranch: 'main' };
      const input = await jobs.input({ steps: ['true'], trust: true, checkout });
      await expect(activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input)).rejects.toMatchObject({
        type: 'Refused',
        message: expect.stringMatching(/does not get "assets\/new\.bin" from .*acme\/app\.git or .*eve\/app\.git/),
      });
      server.kept.set(`eve/app:${oid}`, other);
      const { output } = await jobs.run({ steps: ['sha256sum assets/*.bin'], trust: true, checkout });
      expect(output.match(/^\w+/gm)).toEqual([OID, oid, OID]);
    });

    test('what the server does not have fails at once', async () => {
      await expect(failing()).rejects.toMatchObject({ type: 'Refused', message: /"assets\/a\.bin".*not exist/s });
    });
  });
});
