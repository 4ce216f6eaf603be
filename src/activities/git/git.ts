import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ApplicationFailure } from '@temporalio/common';
import { execa } from 'execa';
import { maskKnown, maskOf } from '../../secrets/mask.js';
import { maskText } from '../../secrets/mask-values.js';
import { throwIfCancelled } from '../cancelled.js';
import { away, unavailable } from '../failures.js';
import { readRecords } from '../read-records.js';
import { stopGroup } from '../stop-group.js';
import { askedAuthorization, sentAuthorization } from './authorization.js';
import type { GitRemote } from './remote.js';
import { saysAway } from './remote-away.js';

/** Where git is called, and what it may use. */
export interface GitCall {
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** The remote whose credentials git gets. */
  readonly remote?: GitRemote;
  /** Git asks for the credentials, instead of having them among its settings. */
  readonly asksForCredentials?: true;
  /** Each byte of stdout is a character of the answer's, for names that need not be UTF-8. */
  readonly readsBytes?: true;
  /** Called with each record of stdout that a zero byte ends, as it comes: the answer has none of it, and there may be any number. */
  readonly onRecord?: (record: string) => void;
  /** More of git's settings, for this call alone. */
  readonly settings?: readonly GitSetting[];
  /** More of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What git reads from stdin: nothing by default. */
  readonly input?: string | Uint8Array;
}

/** The name of a setting of git's, and its value. */
export type GitSetting = readonly [name: string, value: string];

/** What a call of git came to. */
export interface GitAnswer {
  readonly ok: boolean;
  /** It was stopped at the deadline, so its failure says nothing about the repository. */
  readonly tookTooLong: boolean;
  readonly stdout: string;
  /** The last lines that git wrote to stderr, without credentials. */
  readonly said: string;
}

/** The variable by which this process's gits are known when it is dead. */
export const GIT_OF_VARIABLE = 'HOOKYARD_GIT_OF';
/** What it says: another text for each process. */
export const GIT_OF = randomUUID();

/** Deadline of one call, in milliseconds. */
export const GIT_DEADLINE_MS = 15 * 60_000;
const KILL_MS = 5_000;
/** In bytes: of an answer that is not read record by record. */
const MAX_STDOUT = 64 * 1024 * 1024;
/** In characters: of what git says, from its end. */
const MAX_SAID = 16_384;
/** In characters: of what is told of that. */
const MAX_WORDS = 500;
const FIRST_WORDS = 200;
/** What `git-lfs` writes after what it has to say. */
const NOISE = /^(?:Errors logged to |Use `git lfs logs|error: external filter 'git-lfs)/;

/**
 * Runs git, without the machine's or the user's configuration, hooks or prompts. Credentials go through the
 * environment: other users of the machine can read a command line. Git does not look for a repository in the folders
 * above: the data folder may lie in one. A failure of git is a result; throws only when cancelled, when the signal
 * aborts, or when git can't be started.
 */
export async function git(call: GitCall, ...args: readonly string[]): Promise<GitAnswer> {
  const { cwd, signal, remote, readsBytes, onRecord } = call;
  const child = execa('git', args, {
    cwd,
    // A group of its own: the helpers that speak to the remote outlive git, and can be stopped only with it.
    detached: true,
    extendEnv: false,
    env: { ...environment(call), ...call.env, GIT_CEILING_DIRECTORIES: dirname(cwd) },
    ...(call.input === undefined ? { stdin: 'ignore' } : { input: call.input }),
    ...(readsBytes && { encoding: 'latin1' as const }),
    reject: false,
    maxBuffer: MAX_STDOUT,
    ...(onRecord && { buffer: { stdout: false } }),
  });
  const reading = onRecord && readRecords(child.stdout, { encoding: readsBytes ? 'latin1' : 'utf8', onRecord });
  const unread = reading?.then(
    () => undefined,
    (error: Error) => error,
  );
  const { result, tookTooLong } = await stoppedBy(signal, child);
  await throwIfCancelled();
  if (signal.aborted) throw unavailable(`git ${args[0]} was stopped`);
  if (result.exitCode === undefined && result.code !== undefined) {
    // Node reports a missing folder as a missing program.
    if (!existsSync(cwd)) throw unavailable(`git can't be started: its folder ${cwd} is gone`);
    throw unavailable(`git can't be started (${result.code}): is it installed on this worker?`);
  }
  const because = tookTooLong ? 'git took too long' : (await unread)?.message;
  return {
    ok: !result.failed && because === undefined,
    tookTooLong,
    stdout: result.stdout ?? '',
    said: lastWords(because ?? result.stderr ?? '', remote),
  };
}

/** Waits until git has ended, and stops it when the signal aborts or its time is over. */
async function stoppedBy<T>(
  signal: AbortSignal,
  child: Promise<T> & { pid?: number | undefined },
): Promise<{ result: T; tookTooLong: boolean }> {
  let tookTooLong = false;
  const stop = () => {
    settle();
    // At SIGTERM, git removes its locks and half-written files.
    void stopGroup(child.pid, child, [
      { signal: 'SIGTERM', waitMs: KILL_MS },
      { signal: 'SIGKILL', waitMs: 0 },
    ]);
  };
  const timer = setTimeout(() => {
    tookTooLong = true;
    stop();
  }, GIT_DEADLINE_MS);
  const settle = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return { result: await child, tookTooLong };
  } finally {
    settle();
  }
}

/** Returns a failure of a git that spoke to a remote: `Away` if that is away, else one that is retried some times. */
export function remoteFailure(what: string, { said }: Pick<GitAnswer, 'said'>): ApplicationFailure {
  const message = `${what}: ${said}`;
  return saysAway(said) ? away(message) : unavailable(message);
}

/** Runs git and returns its stdout. Throws a failure that is retried when git fails. */
export async function mustGit(call: GitCall, ...args: readonly string[]): Promise<string> {
  const { ok, stdout, said } = await git(call, ...args);
  if (!ok) throw unavailable(`git ${args[0]} failed: ${said}`);
  return stdout;
}

function environment({ remote, asksForCredentials, settings: more = [] }: GitCall): Record<string, string> {
  const settings: GitSetting[] = [
    ['core.hooksPath', '/dev/null'],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['advice.detachedHead', 'false'],
    ['init.defaultBranch', 'main'],
    ['safe.directory', '*'],
    // Should the worker be killed, a git that waits for a silent server ends by itself.
    ['http.lowSpeedLimit', '1'],
    ['http.lowSpeedTime', String(GIT_DEADLINE_MS / 1000)],
  ];
  const authorization = asksForCredentials ? askedAuthorization(remote) : sentAuthorization(remote);
  settings.push(...authorization.settings, ...more);
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '/nonexistent',
    LC_ALL: 'C',
    [GIT_OF_VARIABLE]: GIT_OF,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ALLOW_PROTOCOL: remote?.url.startsWith('http:') ? 'http' : 'https:ssh:file',
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o ConnectTimeout=15',
    ...(process.env.SSH_AUTH_SOCK && { SSH_AUTH_SOCK: process.env.SSH_AUTH_SOCK }),
    ...authorization.env,
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], i) => [
        [`GIT_CONFIG_KEY_${i}`, key],
        [`GIT_CONFIG_VALUE_${i}`, value],
      ]),
    ),
  };
}

function lastWords(stderr: string, remote: GitRemote | undefined): string {
  // Before a line is cut: half a token would not be recognised. A server may quote what git sent it, in base64 too.
  const masked = maskText(stderr.slice(-MAX_SAID), remote ? maskOf(remote) : maskKnown);
  const lines = masked.split('\n').filter((line) => line.trim() !== '' && !NOISE.test(line));
  // What SSH says of a server comes before three lines of git's own.
  return lines.slice(-4).map(shortened).join(' ').slice(-MAX_WORDS);
}

/** What is wrong stands before a path or behind it, and that may be of any length. */
function shortened(line: string): string {
  if (line.length <= MAX_WORDS) return line;
  return `${line.slice(0, FIRST_WORDS)}…${line.slice(FIRST_WORDS + 1 - MAX_WORDS)}`;
}

/** Returns whether git says, in the words of `LC_ALL=C`, that the remote wants credentials, and that it has none. */
export function wantsCredentials(said: string): boolean {
  return /could not read Username for/.test(said);
}
