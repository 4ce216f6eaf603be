import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { commandSecret } from '../../src/secrets/command-secret.js';
import { maskKnown } from '../../src/secrets/mask.js';
import type { CommandOptions } from '../../src/secrets/reference.js';
import { runCommand, runCommandSync } from '../../src/secrets/run-command.js';
import { anyText, apiToken } from '../../src/secrets/secret-kinds.js';
import { tempFolder } from '../support/temp-folder.js';

/* Real programs, which stand for the command line of a vault. */

let folder: string;
let path: string;
/** In ms: how far the clock by which values count is put on. */
let ahead: number;
beforeEach(async () => {
  folder = await tempFolder('vault');
  path = join(folder, 'vault');
  process.env.VAULT_TOKEN = 'canary-of-the-vault-0123';
  ahead = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
});
afterEach(() => {
  vi.restoreAllMocks();
  delete process.env.VAULT_TOKEN;
});

/** Lets time pass. Nobody waits for it: on a busy machine a short time would be over before something else is done. */
const pass = (seconds: number) => {
  ahead += seconds * 1_000;
};

/** Makes the program of a vault. It counts how often it was called. */
async function vault(script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\necho called >> '${folder}/calls'\n${script}\n`);
  await chmod(path, 0o700);
}
const calls = async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n').length;
const made = (options: CommandOptions = {}, args: string[] = [], rule = anyText) =>
  commandSecret({ command: [path, ...args], ...options }, { rule, option: 'secrets.npm' });

test('a command gets its arguments as they are, no shell reads them, and its line break is left out', async () => {
  await vault('printf "%s|" "$@"; echo');
  const { secret, first } = made({}, ['kv', 'get', '$(reboot)', 'a b', '*']);
  expect(first()).toEqual({ warnings: [] });
  expect(secret.reveal()).toBe('kv|get|$(reboot)|a b|*|');
  expect(await calls()).toBe(1);
});

test('only the line break at the end is left out: a key of several lines stays whole', async () => {
  await vault('printf "first\\nsecond\\n\\n"');
  expect(made().secret.reveal()).toBe('first\nsecond\n');
});

test('a command gets a short environment, and the variables that are named', async () => {
  process.env.CANARY_OF_THIS_PROCESS = 'yes';
  // Of one line: each line of a secret is hidden by itself from then on, and other tests of this process print the same variables.
  await vault("env | tr '\\n' '|'");
  const names = (text: string) => text.split('|').map((line) => line.split('=')[0]);
  expect(names(made().secret.reveal())).not.toContain('VAULT_TOKEN');
  expect(names(made({ variables: ['VAULT_TOKEN', 'NOT_SET'] }).secret.reveal())).toContain('VAULT_TOKEN');
  expect(names(made({ variables: ['VAULT_TOKEN'] }).secret.reveal())).not.toContain('CANARY_OF_THIS_PROCESS');
  expect(names(made().secret.reveal())).toContain('PATH');
  delete process.env.CANARY_OF_THIS_PROCESS;
});

test.each([
  [
    'fails',
    'echo "no access with $VAULT_TOKEN to half-a-secret-0123" >&2; echo half-a-secret-0123; exit 7',
    /ended with exit code 7: no access with \*\*\* to \*\*\*$/,
  ],
  ['is killed', 'kill -KILL $$', /ended with SIGKILL$/],
  ['takes too long', 'exec sleep 4', /took more than 1 s: timeoutSeconds gives it longer$/],
  ['leaves a process behind that holds its output', 'sleep 4 & exec sleep 4', /took more than 1 s/],
  ['prints too much', 'head -c 70000 /dev/zero | tr "\\0" x', /printed more than 64 kB/],
  ['prints nothing', 'true', /is empty$/],
  ['prints no text', 'printf "\\377\\376\\001"', /no UTF-8 text/],
])('a command that %s is told of at once, with what to do, and without what it was given', async (_, script, says) => {
  await vault(script);
  // The others have the time that they may need on a busy machine.
  const timeoutSeconds = script.includes('sleep') ? 1 : 30;
  const options = { variables: ['VAULT_TOKEN'], timeoutSeconds };
  const { problem = '' } = made(options).first();
  expect(problem).toMatch(says);
  expect(problem).toContain('vault');
  expect(problem).not.toMatch(/canary-of-the-vault|half-a-secret/);
  expect(() => made(options).secret.reveal()).toThrow(/^secrets\.npm: /);
});

test('a program that is not there, and what an option refuses, are told', async () => {
  expect(made().first().problem).toMatch(/is none that is there: install it/);
  await vault('echo "a token with blanks"');
  expect(made({}, [], apiToken).first().problem).toMatch(/what the command .* prints holds a blank/);
});

test('a value counts for as long as is said, is taken anew once after that, whoever asks, and is hidden from then on', async () => {
  await vault(`cat '${folder}/value'`);
  await writeFile(join(folder, 'value'), 'canary-value-number-one');
  const { secret } = made({ cacheSeconds: 60 });
  expect(secret.reveal()).toBe('canary-value-number-one');
  await writeFile(join(folder, 'value'), 'canary-value-number-two');
  expect(await secret.refresh()).toBeUndefined();
  expect([secret.reveal(), await calls()]).toEqual(['canary-value-number-one', 1]);
  pass(61);
  await Promise.all([secret.refresh(), secret.refresh(), secret.refresh()]);
  expect([secret.reveal(), await calls()]).toEqual(['canary-value-number-two', 2]);
  expect(maskKnown('canary-value-number-one canary-value-number-two')).toBe('*** ***');
});

test('who does not wait gets the value before, and has it taken anew', async () => {
  await vault(`cat '${folder}/value'`);
  await writeFile(join(folder, 'value'), 'canary-value-of-before');
  const { secret } = made({ cacheSeconds: 60 });
  expect(secret.reveal()).toBe('canary-value-of-before');
  await writeFile(join(folder, 'value'), 'canary-value-of-after');
  pass(61);
  expect(secret.reveal()).toBe('canary-value-of-before');
  await expect.poll(() => secret.reveal(), { timeout: 20_000 }).toBe('canary-value-of-after');
});

test('what can not be taken anew stays as it was, is told to who waits, and is not tried at once again', async () => {
  await vault(`test ! -e '${folder}/away' && echo canary-value-that-stays || exit 3`);
  const { secret } = made({ cacheSeconds: 60 });
  expect(secret.reveal()).toBe('canary-value-that-stays');
  await writeFile(join(folder, 'away'), '');
  pass(61);
  expect(await secret.refresh()).toMatch(/ended with exit code 3/);
  // Each job is told, also one that begins before it is run again.
  expect(await secret.refresh()).toMatch(/ended with exit code 3; what it printed at \d{4}-.*Z is used meanwhile$/);
  expect([secret.reveal(), await calls()]).toEqual(['canary-value-that-stays', 2]);
});

test('a stale secret is told once, with what is used meanwhile, and that it is no longer so', async () => {
  await vault(`test ! -e '${folder}/away' && echo canary-value-of-a-log || exit 3`);
  const log = { warn: vi.fn(), info: vi.fn() };
  const { secret } = made({ cacheSeconds: 60 });
  const before = Date.now();
  secret.reveal();
  secret.watch(log);
  await writeFile(join(folder, 'away'), '');
  for (let i = 0; i < 2; i++) {
    pass(61);
    secret.reveal();
    await secret.refresh();
  }
  expect(await calls()).toBe(3);
  expect(log.warn).toHaveBeenCalledOnce();
  const [says] = log.warn.mock.calls[0] ?? [];
  expect(says).toMatch(/^secrets\.npm is stale: the command ".*vault" ended with exit code 3; what it printed at /);
  const at = Date.parse(/printed at (\S+) is used meanwhile/.exec(says)?.[1] ?? '');
  expect([at >= before, at <= Date.now()]).toEqual([true, true]);
  await rm(join(folder, 'away'));
  pass(61);
  expect(await secret.refresh()).toBeUndefined();
  expect(log.info.mock.calls).toEqual([[expect.stringMatching(/^secrets\.npm is no longer stale: /)]]);
  expect(JSON.stringify([log.warn.mock.calls, log.info.mock.calls])).not.toContain('canary-value');
});

test.each([
  ['more arguments than the system takes', ['x'.repeat(300_000)], /has more arguments and variables than the system/],
  ['a NUL character in an argument', ['a\0b'], /has a NUL character in an argument/],
])('a command with %s is told of, when it is first run and when it is run again', async (_, args, says) => {
  await vault('echo canary-value-of-a-throw');
  const reference = { command: [path, ...args] };
  expect(runCommandSync(reference)).toEqual({ problem: expect.stringMatching(says) });
  expect(await runCommand(reference)).toEqual({ problem: expect.stringMatching(says) });
});

test('a command that can no longer be begun leaves the value of before, and is told to who waits and who does not', async () => {
  await vault('echo canary-value-kept-on');
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  try {
    process.env.CANARY_OF_ARGUMENTS = 'short';
    const log = { warn: vi.fn(), info: vi.fn() };
    const { secret } = made({ cacheSeconds: 60, variables: ['CANARY_OF_ARGUMENTS'] });
    expect(secret.reveal()).toBe('canary-value-kept-on');
    secret.watch(log);
    process.env.CANARY_OF_ARGUMENTS = 'x'.repeat(300_000);
    pass(61);
    expect(secret.reveal()).toBe('canary-value-kept-on');
    expect(await secret.refresh()).toMatch(/has more arguments and variables than the system takes/);
    await expect.poll(() => log.warn, { timeout: 20_000 }).toHaveBeenCalledOnce();
    expect(secret.reveal()).toBe('canary-value-kept-on');
    expect(unhandled).not.toHaveBeenCalled();
  } finally {
    process.off('unhandledRejection', unhandled);
    delete process.env.CANARY_OF_ARGUMENTS;
  }
});

test('nothing is run before the secret is used, and printing it shows nothing', async () => {
  await vault('echo canary-value-unused');
  const { secret } = made();
  expect([secret.revealKnown(), JSON.stringify(secret), String(secret)]).toEqual([[], '"[secret]"', '[secret]']);
  await expect(calls()).rejects.toThrow('ENOENT');
});
