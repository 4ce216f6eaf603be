import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLineSplitter } from '../../../src/activities/job/lines.js';
import { createJobMask } from '../../../src/activities/job/masks/job-mask.js';
import { maskCommands } from '../../../src/activities/job/masks/mask-commands.js';
import { packageRoot } from '../../../src/paths.js';
import { SpellingFinder } from '../../../src/secrets/spelling-finder.js';
import { stepOf } from '../../../src/server/api/timeline/step-of.js';
import { type Jobs, openJobs } from '../../support/harness/jobs.js';
import { inSandbox } from '../../support/harness/needs-sandbox.js';

const VALUE = 'canary/learnt?0123456789+abc';
/** Puts the value together, so that no command line holds it. */
const MAKE = "value='canary/learnt?'; value+='0123456789+abc'";
const BIN = join(packageRoot, 'bin/hookyard.mjs');
const BASE64 = Buffer.from(`user:${VALUE}`).toString('base64');

let jobs: Jobs;
beforeEach(async () => {
  jobs = await openJobs({ secrets: { token: { env: 'TOKEN' } } }, { TOKEN: 'canary-token-value' });
  await jobs.commit({ 'word.txt': 'a' });
});
afterEach(() => jobs.close());

const step = (run: string, more = {}) => ({ name: 'it', run: `${MAKE}\n${run}`, ...more });
const printed = async () => (await jobs.lines()).filter(({ stream }) => stream !== 'note').map(({ text }) => text);
const notes = async () => (await jobs.lines()).filter(({ stream }) => stream === 'note').map(({ text }) => text);

const TELLING = [
  ['a line ::add-mask::', 'echo "::add-mask::$value"; sleep 0.3'],
  ['such a line on standard error, with a property and blanks', 'echo "  ::ADD-MASK a=b::$value" >&2; sleep 0.3'],
  ['a line of $HOOKYARD_MASK', 'printf "%s\\n" "$value" >> "$HOOKYARD_MASK"'],
  ['$HOOKYARD_MASK, written over, without a line break', 'printf %s "$value" > "$HOOKYARD_MASK"'],
  ['hookyard mask, on standard input', `printf %s "$value" | node ${BIN} mask`],
  ['hookyard mask, by an argument', `node ${BIN} mask "$value"`],
] as const;

test.each(TELLING)(
  'a value told by %s is hidden in all that the job shows from then on, in later steps too',
  async (_, tell) => {
    const shows = [
      'echo "value: $value"; echo "value: $value" >&2; printf "user:%s" "$value" | base64',
      'echo "t=$value" >> "$HOOKYARD_OUTPUT"; echo "summary $value" >> "$HOOKYARD_SUMMARY"',
    ].join('\n');
    const fails =
      'mkdir -p r; echo "<testsuite><testcase name=\\"$value\\"><failure message=\\"$value\\"/></testcase></testsuite>" > r/a.xml; echo "word.txt:1:1: error: $value"';
    const ran = await jobs.host({
      steps: [step(`${tell}\n${shows}`), step(shows), step(`${fails}; exit 1`, { tests: ['r/*.xml'], problems: [] })],
    });
    const shown = JSON.stringify([ran, await jobs.lines(), jobs.statuses]);
    for (const one of [VALUE, 'learnt?0123', encodeURIComponent(VALUE), BASE64.slice(8, -4)])
      expect(shown).not.toContain(one);
    expect(ran.map(({ outputs }) => outputs?.t)).toEqual(['***', '***', undefined]);
    expect(ran.map(({ summary }) => summary?.trim())).toEqual(['summary ***', 'summary ***', undefined]);
    expect(ran[2]).toMatchObject({
      tests: { cases: [{ name: '***' }] },
      problems: expect.arrayContaining([
        expect.objectContaining({ file: 'word.txt', message: expect.stringContaining('***') }),
      ]),
    });
    expect((await printed()).filter((line) => line === 'value: ***')).toHaveLength(4);
  },
);

test('the line that tells a value is in the log without it, as is what only quotes such a line', async () => {
  await jobs.host({
    steps: [step('echo "::add-mask::$value"; echo "$value"; echo "see ::add-mask::other-words"')],
  });
  expect(await printed()).toEqual(['::add-mask::***', '***', 'see ::add-mask::***']);
});

test('a value of several lines is escaped as at GitHub, and each of its lines is hidden', async () => {
  await jobs.host({
    steps: [
      step('echo "::add-mask::first-of-it%0Asecond %25 of it"; printf "first-of-it\\nsecond %% of it\\nsecond-of\\n"'),
      step(`printf 'third-of-it\\nfourth-of-it' | node ${BIN} mask; echo "fourth-of-it third-of-it"`),
      step(
        'echo "a%2Fb-as-it-is" >> "$HOOKYARD_MASK"; echo "a%25b-as-it-is" >> "$HOOKYARD_MASK"; echo "a%2Fb-as-it-is a%b-as-it-is a%25b-as-it-is"',
      ),
    ],
  });
  expect((await printed()).join('|')).toBe('::add-mask::***|***|second-of|*** ***|*** *** ***');
});

test('what is too short, too long or too much is refused in words, and the line does not show it either', async () => {
  await jobs.host({
    steps: [
      step('echo "::add-mask::abc"; echo "abc"; echo "::add-mask::"'),
      step(
        'printf "::add-mask::%s\\n" "$(head -c 9000 /dev/zero | tr "\\0" x)"; printf "::add-mask::%s" "$(head -c 60000 /dev/zero | tr "\\0" z)"; echo; echo after',
      ),
      step('echo "::add-mask::$(head -c 500 /dev/zero | tr "\\0" y)"'),
      step('echo abc >> "$HOOKYARD_MASK"'),
      step(
        'for i in $(seq 101 220); do echo "::add-mask::value-number-$i"; done; echo value-number-107, value-number-215',
      ),
    ],
  });
  const lines = await printed();
  const short =
    'is not hidden in what follows: it has fewer than 6 characters, and hiding it would blot out ordinary words';
  expect(lines.slice(0, 3)).toEqual([`::add-mask::*** ${short}`, 'abc', '::add-mask::***']);
  expect(lines.slice(3, 6)).toEqual([
    '::add-mask::*** is not hidden in what follows: it has more than 8 kB',
    '::add-mask::*** is not hidden in what follows: it has more than 8 kB',
    'after',
  ]);
  expect(lines.join('\n')).not.toMatch(/xxxx|zzzz/);
  expect(lines.filter((line) => line.includes('the job has told 100 values already'))).toHaveLength(20);
  expect(lines[6]).toMatch(/^::add-mask::\*\*\* .*it repeats itself/);
  expect(lines.at(-1)).toBe('***, value-number-215');
  expect(await notes()).toContainEqual(
    expect.stringContaining('a value in $HOOKYARD_MASK is not hidden: it has fewer than 6'),
  );
});

const OUTCOMES = ['passed', 'failed', 'timed_out', 'skipped', 'cancelled', 'flaky', 'warning', 'notice'];

test('a step that has words of Hookyard hidden is judged as any other, and so is its job', async () => {
  const tell = OUTCOMES.map((word) => `echo "::add-mask::${word}"; echo "${word}" >> "$HOOKYARD_MASK"`).join('\n');
  const junit =
    '<testsuite><testcase name="a"><failure message="failed here"/></testcase><testcase name="b"><skipped/></testcase><testcase name="c"/></testsuite>';
  const look = { tests: ['r/*.xml'], problems: [] };
  const [failed, passed, late] = await jobs.host({
    steps: [
      step(`${tell}\nmkdir -p r; echo '${junit}' > r/a.xml; echo "word.txt:1:1: warning: it failed"; exit 3`, look),
      step('echo "it=passed" >> "$HOOKYARD_OUTPUT"'),
      step('sleep 30', { timeoutMs: 1_000 }),
    ],
  });
  expect([failed?.outcome, failed?.exitCode, passed?.outcome, late?.outcome]).toEqual([
    'failed',
    3,
    'passed',
    'timed_out',
  ]);
  expect(failed?.tests?.cases.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped', 'passed']);
  expect(failed?.tests?.cases[0]?.message).toBe('*** here');
  expect(failed?.problems).toContainEqual(
    expect.objectContaining({ severity: 'warning', message: expect.stringContaining('it ***') }),
  );
  expect(passed?.outputs).toEqual({ it: '***' });
  for (const ran of [failed, passed, late]) expect(stepOf(ran)).toMatchObject({ outcome: ran?.outcome });
  expect(await jobs.run({ steps: [`${tell}\nexit 3`] })).toMatchObject({ outcome: 'failed', passed: false });
  expect(await jobs.run({ steps: [tell] })).toMatchObject({ outcome: 'passed', passed: true });
});

test("the help of hookyard mask names a program that is there, and not npx, which would fetch a stranger's package in a checkout", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, 'mask', '--help']);
  expect(stdout).not.toContain('npx hookyard');
  const [, program = ''] = / \| node (\S+) mask$/m.exec(stdout) ?? [];
  expect(existsSync(program)).toBe(true);
});

test('hookyard mask refuses what can not be hidden, and says where it works', async () => {
  const run = (args: string[], env: Record<string, string> = {}) =>
    promisify(execFile)(process.execPath, [BIN, 'mask', ...args], { env: { PATH: process.env.PATH ?? '', ...env } });
  await expect(run([VALUE])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('within a step of a job'),
  });
  const HOOKYARD_MASK = join(jobs.folder, 'nowhere');
  await expect(run(['abc'], { HOOKYARD_MASK })).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('fewer than 6'),
  });
  await expect(run([VALUE], { HOOKYARD_MASK })).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('ENOENT'),
  });
});

test('files of the worker in the place of $HOOKYARD_MASK are not read, and hide nothing', async () => {
  await jobs.host({
    steps: [
      step('rm "$HOOKYARD_MASK"; ln -s /etc/passwd "$HOOKYARD_MASK"; head -1 /etc/passwd'),
      step('rm "$HOOKYARD_MASK"; mkfifo "$HOOKYARD_MASK"; echo goes on'),
    ],
  });
  expect((await printed()).join('\n')).toMatch(/^root.*\ngoes on$/);
});

test('a value is hidden wherever the line that tells it is cut into chunks', () => {
  const text = `before\n::add-mask::${VALUE}\nafter ${VALUE}\n`;
  for (let at = 0; at <= text.length; at++) {
    const masks = createJobMask(new SpellingFinder());
    const splitter = createLineSplitter(masks.hide, maskCommands(masks));
    const lines = [...splitter.add(text.slice(0, at)), ...splitter.add(text.slice(at)), ...splitter.end()];
    expect(lines).toEqual(['before', '::add-mask::***', 'after ***']);
  }
});

test('a value that holds a secret of the configuration is hidden as a whole', () => {
  const configured = new SpellingFinder();
  configured.add('inner-secret', { words: true });
  const masks = createJobMask(configured);
  masks.learn('user:inner-secret:more-of-it');
  expect(masks.hide('<user:inner-secret:more-of-it> <inner-secret>')).toBe('<***> <***>');
});

inSandbox('in a sandbox', () => {
  test('a value is told there too, by the file and by the line', async () => {
    await jobs.host({
      runner: 'sandbox',
      steps: [
        step('printf "%s\\n" "$value" >> "$HOOKYARD_MASK"; echo "$value"'),
        step('echo "$value"; echo "::add-mask::other-value"; echo other-value'),
      ],
    });
    expect(await printed()).toEqual(['***', '***', '::add-mask::***', '***']);
  });
});

test('nothing of it is left in the workspace, or on the disk of the worker', async () => {
  await jobs.host({ steps: [step('echo "::add-mask::$value"; printf "%s\\n" "$value" >> "$HOOKYARD_MASK"')] });
  expect(await jobs.workspaces()).toEqual([]);
  for (const entry of await readdir(jobs.config.data, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(await readFile(join(entry.parentPath, entry.name), 'latin1')).not.toContain(VALUE);
});
