import { isUtf8 } from 'node:buffer';
import { execFile, spawnSync } from 'node:child_process';
import { createMask, maskKnown } from './mask.js';
import { maskText } from './mask-values.js';
import type { CommandReference } from './reference.js';
import { Secret } from './secret.js';
import { shortEnvironment } from './short-environment.js';

/** What a command has printed, without the line break at its end; or why that can't be used, in words. */
export type CommandAnswer = { readonly text: string } | { readonly problem: string };

const DEFAULT_TIMEOUT_S = 10;
/** In bytes, of what a command may print. */
const MAX_BYTES = 64 * 1024;
/** In characters: of what it says of itself where it fails. */
const SHOWN = 300;

/** Runs a command, and waits for it: before there is anything else to do. */
export function runCommandSync(reference: CommandReference): CommandAnswer {
  const [program = '', ...args] = reference.command;
  try {
    const { error, status, signal, stdout, stderr } = spawnSync(program, args, {
      ...optionsOf(reference),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { code } = (error ?? {}) as NodeJS.ErrnoException;
    return answerOf(reference, { code, status, signal, stdout: stdout ?? NOTHING, stderr: stderr ?? NOTHING });
  } catch (error) {
    return answerOf(reference, notBegun(error));
  }
}

/** Runs a command. Never rejects. */
export function runCommand(reference: CommandReference): Promise<CommandAnswer> {
  const [program = '', ...args] = reference.command;
  const options = { ...optionsOf(reference), encoding: 'buffer' as const };
  const run = new Promise<CommandAnswer>((resolve) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const { code, signal = null, killed } = (error ?? {}) as Failure;
      const how = typeof code === 'string' ? code : killed ? 'ETIMEDOUT' : undefined;
      const status = error === null ? 0 : typeof code === 'number' ? code : null;
      resolve(answerOf(reference, { code: how, status, signal, stdout, stderr }));
    });
    child.stdin?.end();
  });
  // Node throws some of what keeps a program from being started at once, and tells the rest by the callback.
  return run.catch((error) => answerOf(reference, notBegun(error)));
}

/** Returns a command as people read it. */
export function inWords({ command }: Pick<CommandReference, 'command'>): string {
  return `the command ${JSON.stringify(maskText(command.join(' '), maskKnown).slice(0, 200))}`;
}

type Failure = Error & { readonly code?: string | number; readonly signal?: NodeJS.Signals; readonly killed?: boolean };

/** How it ended. `code`: what the system says where it did not end by itself, or never began. */
interface Ended {
  readonly code: string | undefined;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

const NOTHING = Buffer.alloc(0);

function notBegun(error: unknown): Ended {
  const { code = 'its arguments are none' } = error as NodeJS.ErrnoException;
  return { code, status: null, signal: null, stdout: NOTHING, stderr: NOTHING };
}

/** It gets no shell, and of this process's environment only what programs need and the variables that it names. */
function optionsOf({ variables = [], timeoutSeconds = DEFAULT_TIMEOUT_S }: CommandReference) {
  const named = variables.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    env: { ...shortEnvironment(), ...Object.fromEntries(named) },
    timeout: timeoutSeconds * 1_000,
    killSignal: 'SIGKILL' as const,
    maxBuffer: MAX_BYTES,
    windowsHide: true,
  };
}

function answerOf(reference: CommandReference, { code, status, signal, stdout, stderr }: Ended): CommandAnswer {
  const { timeoutSeconds = DEFAULT_TIMEOUT_S } = reference;
  const no = (what: string) => ({ problem: `${inWords(reference)} ${what}` });
  switch (code) {
    case undefined:
      break;
    case 'ENOENT':
      return no('is none that is there: install it, or correct its name or the PATH');
    case 'E2BIG':
      return no('has more arguments and variables than the system takes: give it long ones by a file');
    case 'ERR_INVALID_ARG_VALUE':
      return no('has a NUL character in an argument, which no program can get: take it out');
    case 'ETIMEDOUT':
      return no(`took more than ${timeoutSeconds} s: timeoutSeconds gives it longer`);
    case 'ENOBUFS':
    case 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER':
      return no(`printed more than ${MAX_BYTES / 1024} kB, which is no secret`);
    default:
      return no(`can't be started: ${code}`);
  }
  if (status !== 0) return no(`ended with ${signal ?? `exit code ${status}`}${said(reference, { stdout, stderr })}`);
  if (!isUtf8(stdout)) return no('printed what is no UTF-8 text: have it print hex or base64');
  return { text: stdout.toString('utf8').replace(/\r?\n$/, '') };
}

/** Returns what a command has said, without what it was given and what it may have printed of the secret. */
function said({ variables = [] }: CommandReference, { stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): string {
  const values = [...variables.flatMap((name) => process.env[name] ?? []), ...stdout.toString('utf8').split('\n')];
  const mask = createMask(values.map((value) => new Secret(value)));
  const words = maskText(maskKnown(mask(stderr.toString('utf8'))), mask)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return words === '' ? '' : `: ${words.slice(0, SHOWN)}`;
}
