import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { shortEnvironment } from '../../secrets/short-environment.js';

/** Name of the repository that `hookyard demo` commits to. */
export const DEMO_REPOSITORY = 'hookyard/demo';

/** A commit that was pushed to it. */
export interface DemoCommit {
  readonly before: string;
  readonly after: string;
  readonly files: readonly string[];
  readonly message: string;
}

/** What a commit does: `broken` breaks a test; `flaky` adds one that passes from its second run in a workspace on. */
export type DemoChange = 'works' | 'broken' | 'flaky';

/**
 * Commits to a small git repository in the data folder, which it creates if it is not there: tests that pass, or one
 * of which does not. Throws if git fails.
 */
export async function commitToDemo(data: string, change: DemoChange): Promise<DemoCommit> {
  const work = join(data, 'demo', 'work');
  const bare = join(data, 'demo', `${DEMO_REPOSITORY}.git`);
  await mkdir(work, { recursive: true });
  await git(data, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git(work, 'init', '--quiet', '--initial-branch=main');
  const files = filesOf(change);
  for (const [name, text] of Object.entries(files)) await writeFile(join(work, name), text);
  await git(work, 'add', '--all');
  const message = MESSAGES[change];
  const before = await head(work);
  await git(work, 'commit', '--quiet', '--allow-empty', `--message=${message}`);
  await git(work, 'push', '--quiet', '--force', bare, 'HEAD:refs/heads/main');
  return { before, after: await head(work), files: Object.keys(files), message };
}

const MESSAGES = {
  works: 'Add two numbers',
  broken: 'Subtract instead of adding',
  flaky: 'Expect a cache that nothing fills before',
} as const;

function filesOf(change: DemoChange): Record<string, string> {
  return {
    'package.json': json({ name: 'demo', version: '1.0.0', private: true, type: 'module', scripts: { test: TEST } }),
    'package-lock.json': json({ ...LOCKED, packages: { '': { name: 'demo', version: '1.0.0' } } }),
    'add.js': `export const add = (a, b) => a ${change === 'broken' ? '-' : '+'} b;\n`,
    'add.test.js': [
      "import assert from 'node:assert/strict';",
      "import { test } from 'node:test';",
      "import { add } from './add.js';",
      '',
      "test('two and two are four', () => assert.equal(add(2, 2), 4));",
      "test('adding nothing changes nothing', () => assert.equal(add(7, 0), 7));",
      ...(change === 'flaky' ? FLAKY : []),
      '',
    ].join('\n'),
    'report.js': REPORT,
  };
}

const LOCKED = { name: 'demo', version: '1.0.0', lockfileVersion: 3, requires: true } as const;

/** Tells the job what has become of each test as it ends, and leaves a report behind. */
const TEST = [
  'node --test',
  '--test-reporter=tap --test-reporter-destination=stdout',
  '--test-reporter=junit --test-reporter-destination=tests.xml',
].join(' ');

/** Puts reports side by side, as Markdown. */
const REPORT = `import { readFileSync } from 'node:fs';

console.log('| zone | tests | failed |\\n|---|---|---|');
for (const zone of process.argv.slice(2)) {
  const report = readFileSync(\`\${zone}/tests.xml\`, 'utf8');
  const count = (element) => report.split(\`<\${element} \`).length - 1;
  console.log(\`| \${zone} | \${count('testcase')} | \${count('failure')} |\`);
}
`;

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Leaves in the workspace what it looks for, so that it passes where it runs there again, and fails in a fresh one. */
const FLAKY = [
  "import { existsSync, writeFileSync } from 'node:fs';",
  "test('sums are in the cache', () => {",
  "  const isFilled = existsSync('sums.cache');",
  "  writeFileSync('sums.cache', '4');",
  "  assert.ok(isFilled, 'the cache was empty');",
  '});',
];

async function head(work: string): Promise<string> {
  return git(work, 'rev-parse', '--verify', '--quiet', 'HEAD').catch(() => '0'.repeat(40));
}

/**
 * Without the user's own git configuration: a signing key or a template must not get in the way of a demo. And without git's
 * own variables: where a hook of another repository calls this, they name that one.
 */
async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa('git', args, {
    cwd,
    timeout: 30_000,
    extendEnv: false,
    env: {
      ...shortEnvironment(),
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Hookyard demo',
      GIT_AUTHOR_EMAIL: 'demo@hookyard.invalid',
      GIT_COMMITTER_NAME: 'Hookyard demo',
      GIT_COMMITTER_EMAIL: 'demo@hookyard.invalid',
    },
  });
  return stdout.trim();
}
