import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerTo } from '../../../src/activities/checkout/credential-protocol.js';
import { serveCredentials } from '../../../src/activities/checkout/credentials.js';
import { built } from '../../../src/paths.js';
import { Secret } from '../../../src/secrets/secret.js';
import { activity, type Jobs, openJobs, WORKFLOW } from '../../support/harness/jobs.js';
import { tempFolder } from '../../support/temp-folder.js';
import { type GitServer, openGitServer } from '../job/git-server.js';

const TOKEN = 'canary-push-token';
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');

let server: GitServer;
let jobs: Jobs;
beforeEach(async () => {
  server = await openGitServer(`Basic ${BASIC}`);
  const clone = { url: `${server.url}/{fullName}.git`, token: { env: 'CLONE' } };
  jobs = await openJobs(
    { sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }], clone } } },
    { CLONE: TOKEN },
  );
  server.root = join(jobs.folder, 'repositories');
  await jobs.commit({ 'word.txt': 'first\n' });
});
afterEach(async () => {
  await server.close();
  await jobs.close();
});

const COMMIT = 'git -c user.name=T -c user.email=t@t.invalid commit --quiet --allow-empty --message=m';
const PUSH = 'git push --quiet origin HEAD:refs/heads/made';
const run = (steps: string[], checkout: object = { options: { credentials: true } }) =>
  jobs.run({ steps, trust: true, checkout: { defaultBranch: 'main', ...checkout } });
const branches = async () =>
  (await execa('git', ['for-each-ref', '--format=%(refname)'], { cwd: join(server.root, 'acme/app.git') })).stdout;

test('steps fetch and push where the automation says so, and only there', async () => {
  expect((await run(['git fetch origin'], {})).passed).toBe(false);
  const { passed, output } = await run(['git fetch --quiet origin', COMMIT, PUSH]);
  expect(passed, output).toBe(true);
  expect(await branches()).toContain('refs/heads/made');
});

test('steps fetch and push also where the configuration is that of an earlier workspace, in which a job goes on', async () => {
  const names = `sed -i "s#'[^']*/git.sock'#'/gone/git.sock'#" ~/.gitconfig && grep -c /gone/ ~/.gitconfig`;
  const { passed, output } = await run([names, 'git fetch --quiet origin', COMMIT, PUSH]);
  expect(passed, output).toBe(true);
  expect(await branches()).toContain('refs/heads/made');
});

test('the token stands in no file, no variable and no command line that a step can see', async () => {
  // Written so that the search does not find itself, and whole: other tokens at work on the machine begin alike in base64.
  const [token, basic] = [TOKEN, BASIC].map((text) => `${text.slice(0, 12)}[${text.charAt(12)}]${text.slice(13)}`);
  const search = `grep -rl -e '${token}' -e '${basic}' "$HOOKYARD_WORKSPACE" /proc/[0-9]*/cmdline 2>/dev/null`;
  const steps = ['env; cat .git/config ~/.gitconfig', `${search} || true; echo searched`];
  const { passed, output } = await run(steps);
  expect(passed).toBe(true);
  expect(output).toMatch(/searched$/);
  expect(output).not.toContain('***');
  expect(output.split('\n').filter((line) => line.startsWith('/'))).toEqual([]);
});

test('what a step prints of it is masked', async () => {
  const ask = `printf 'protocol=http\\nhost=%s\\n\\n' "${server.url.slice('http://'.length)}" | git credential fill`;
  const { output } = await run([ask]);
  expect(output).toMatch(/username=x-access-token\npassword=\*\*\*/);
});

test.each([
  ['the event says so', { untrusted: true }],
  ['a merge queue has taken it up', { queued: true }],
  ['its head is in another repository', { pullRequest: { number: 1, head: { ref: 'x', repository: 'eve/app' } } }],
  ['its head is in no repository any more', { pullRequest: { number: 1, head: { ref: 'x' } } }],
])("a stranger's code gets none, and the log says why, where %s", async (_, checkout) => {
  await jobs.git('push', '--quiet', join(server.root, 'acme/app.git'), 'HEAD:refs/pull/1/head');
  const { passed, lines } = await run([PUSH], { options: { credentials: true }, ...checkout });
  expect(passed).toBe(false);
  expect(lines.map(({ text }) => text)).toContain("the steps get no credentials: the code may be a stranger's");
  expect(await branches()).not.toContain('refs/heads/made');
});

test('a source without a token says what to set', async () => {
  await jobs.close();
  const clone = { url: `${server.url}/{fullName}.git` };
  jobs = await openJobs({ sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }], clone } } }, {});
  server.root = join(jobs.folder, 'repositories');
  server.accepts = () => true;
  await jobs.commit({ 'word.txt': 'first\n' });
  const input = await jobs.input({ steps: ['true'], checkout: { options: { credentials: true } } });
  await expect(activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input)).rejects.toMatchObject({
    type: 'NotConfigured',
    message: expect.stringContaining('clone.token'),
  });
});

describe('the helper', () => {
  const remote = {
    source: 'it',
    url: 'https://git.example/acme/app.git',
    username: 'me',
    token: new Secret('t-o-k-e-n'),
  };
  const ask = async (socket: string, host = 'git.example') => {
    const args = [built('activities/checkout/credential-helper.js'), socket, 'get'];
    return (await execa(process.execPath, args, { input: `protocol=https\nhost=${host}\n` })).stdout;
  };

  test('answers as long as the job lasts, about its own host, and leaves nothing', async () => {
    const folder = await tempFolder('credentials');
    const end = await serveCredentials({ workspace: { folder, home: folder }, remote, renew: async () => remote });
    const socket = join(folder, 'git.sock');
    expect(await ask(socket)).toBe('username=me\npassword=t-o-k-e-n');
    expect(await ask(socket, 'evil.example')).toBe('');
    expect(await readFile(join(folder, '.gitconfig'), 'utf8')).not.toContain('t-o-k-e-n');
    await end();
    expect(await ask(socket)).toBe('');
    expect(await readdir(folder)).toEqual(['.gitconfig']);
  });

  test('works in a folder whose path is too long for a socket', async () => {
    const folder = await tempFolder(`credentials-${'x'.repeat(120)}`);
    const end = await serveCredentials({ workspace: { folder, home: folder }, remote, renew: async () => remote });
    const [, socket = ''] = /'([^']*git\.sock)'/.exec(await readFile(join(folder, '.gitconfig'), 'utf8')) ?? [];
    expect(await ask(socket)).toBe('username=me\npassword=t-o-k-e-n');
    await end();
    expect(await ask(socket)).toBe('');
  });

  test('ends although somebody is connected and asks nothing', async () => {
    const { createConnection } = await import('node:net');
    const folder = await tempFolder('credentials');
    const end = await serveCredentials({ workspace: { folder, home: folder }, remote, renew: async () => remote });
    const idle = createConnection(join(folder, 'git.sock'));
    await new Promise((resolve) => idle.once('connect', resolve));
    const closed = new Promise((resolve) => idle.once('close', resolve));
    idle.on('error', () => undefined);
    await end();
    await closed;
  });
});

describe('what git is answered', () => {
  const own = { protocol: 'https', host: 'git.example' };
  const bearer = async () => ({ url: 'https://git.example/a/b', username: undefined, token: new Secret('tok') });
  const about = (host: string, more = '') => `${more}protocol=https\nhost=${host}\n`;

  test('a token that goes by itself is a bearer to a git that knows such, and a password to others', async () => {
    expect(await answerTo(about('git.example', 'capability[]=authtype\n'), { own, renew: bearer })).toBe(
      'capability[]=authtype\nauthtype=Bearer\ncredential=tok\nephemeral=1\n',
    );
    expect(await answerTo(about('git.example'), { own, renew: bearer })).toBe('username=hookyard\npassword=tok\n');
  });

  test.each(['evil.example', 'git.example:8443', 'git.example.evil.example', ''])('nothing about %j', async (host) => {
    expect(await answerTo(about(host), { own, renew: bearer })).toBe('');
  });

  test.each(['GIT.Example', 'git.example:443'])('the same about %s', async (host) => {
    expect(await answerTo(about(host), { own, renew: bearer })).toBe('username=hookyard\npassword=tok\n');
  });

  test.each(['evil.example/git.example', 'x@git.example', 'git.example#', 'git.example\\'])(
    'nothing about %j, which is no host',
    async (host) => {
      expect(await answerTo(about(host), { own, renew: bearer })).toBe('');
    },
  );

  test('nothing about the host by another protocol, or when it is named twice', async () => {
    expect(await answerTo('protocol=http\nhost=git.example\n', { own, renew: bearer })).toBe('');
    expect(
      await answerTo(about('git.example', 'host=evil.example\n').concat('host=evil.example\n'), { own, renew: bearer }),
    ).toBe('');
  });
});
