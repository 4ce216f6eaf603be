import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { rememberRotated } from './known-secrets.js';
import type { SecretValues } from './secret.js';
import type { SecretRule } from './secret-rule.js';

/*
 * A generated secret is a file of one line. After a rotation there is a second file beside it, with the values that it has
 * replaced and until when each counts. Every process of the data folder looks at both at most once a second, so a rotation
 * needs no restart.
 */

/** A value that was replaced. */
export interface Replaced {
  readonly value: string;
  /** Unix ms: until then it is still accepted. */
  readonly until: number;
  /** Unix ms: when it became the secret's value; absent where an older version has replaced it. */
  readonly since?: number | undefined;
}

/** A value that counts, and from when until when, Unix ms; `until` is Infinity for the one that the secret is now. */
export type DatedValue = Required<Replaced> & { readonly since: number };

/** What tells the values of a secret's file as they are now. */
export interface RotatingValues {
  values(): SecretValues;
  /** The same, newest first, each with its time. */
  dated(): readonly [DatedValue, ...DatedValue[]];
}

const replacedSchema = z.array(z.object({ value: z.string().min(1), until: z.number(), since: z.number().optional() }));

const BESIDE = '.replaced';
const LOOK_MS = 1_000;

/**
 * Returns what a secret's file has replaced and still counts at `now` (Unix ms), newest first. Throws what the system says of
 * a file that is there and can't be read.
 */
export function readReplaced(path: string, now: number): readonly Replaced[] {
  const text = readIfThere(path + BESIDE);
  if (text === undefined) return [];
  try {
    return replacedSchema.parse(JSON.parse(text)).filter(({ until }) => until > now);
  } catch {
    // It was written by hand: what it replaced counts no more.
    return [];
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a new value over a secret's file. The one before counts until `until` (Unix ms), as do those before it until their
 * own time. Each file is there as a whole at every moment, with the owner that it had. Throws what the system says.
 */
export function rotateFile(path: string, { value, until, now }: { value: string; until: number; now: number }): void {
  const before = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  const like = statSync(path);
  const kept = [{ value: before, until, since: like.mtimeMs }, ...readReplaced(path, now)].filter(
    (each) => each.until > now,
  );
  // In this order: whoever looks in between finds the value twice, and never none.
  if (kept.length > 0) write(path + BESIDE, `${JSON.stringify(kept)}\n`, like);
  else rmSync(path + BESIDE, { force: true });
  write(path, `${value}\n`, like);
}

/** Deletes the values in a folder of secrets that count no more at `now` (Unix ms). Returns how many files it changed. */
export function forgetReplaced(folder: string, now: number): number {
  if (!existsSync(folder)) return 0;
  const outdated = readdirSync(folder)
    .filter((name) => name.endsWith(BESIDE))
    .map((name) => join(folder, name.slice(0, -BESIDE.length)))
    .filter((path) => readReplaced(path, Number.NEGATIVE_INFINITY).length !== readReplaced(path, now).length);
  for (const path of outdated) {
    const kept = readReplaced(path, now);
    if (kept.length > 0) write(path + BESIDE, `${JSON.stringify(kept)}\n`, statSync(path + BESIDE));
    else rmSync(path + BESIDE, { force: true });
  }
  return outdated.length;
}

/**
 * Returns what tells the values of a secret's file as they are now. `first`: what it holds. What the rule refuses, and a
 * file that is gone or can't be read now, changes nothing.
 */
export function rotatingValues(path: string, { first, rule }: { first: string; rule: SecretRule }): RotatingValues {
  let current = { value: first, since: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  let replaced: readonly DatedValue[] = [];
  let seen: string | undefined;
  let lookedAt = performance.now();

  function look(): void {
    const trace = traceOf(path);
    if (trace === seen) return;
    const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? current.since;
    const text = readIfThere(path)?.replace(/\r?\n$/, '');
    current = { ...current, value: (text === undefined ? undefined : usable(text, rule)) ?? current.value, since };
    replaced = readReplaced(path, Date.now()).map((each) => ({
      value: usable(each.value, rule) ?? each.value,
      until: each.until,
      since: each.since ?? Number.NEGATIVE_INFINITY,
    }));
    // What this process puts out was made safe for what it had read at its start.
    if (seen !== undefined) for (const { value } of [...replaced.toReversed(), current]) rememberRotated(path, value);
    seen = trace;
  }

  function tryLooking(): void {
    lookedAt = performance.now();
    try {
      look();
    } catch {
      // The disk is away, or too many files are open. What is known counts, and the files are looked at again in a second.
    }
  }

  function dated(): readonly [DatedValue, ...DatedValue[]] {
    if (performance.now() - lookedAt > LOOK_MS) tryLooking();
    return [current, ...replaced.filter(({ value, until }) => until > Date.now() && value !== current.value)];
  }

  tryLooking();
  return {
    dated,
    values() {
      const [newest, ...before] = dated();
      return [newest.value, ...before.map(({ value }) => value)];
    },
  };
}

function usable(text: string, rule: SecretRule): string | undefined {
  const judged = rule.judge(text);
  return 'text' in judged ? judged.text : undefined;
}

/** Returns a text that is another one after either file has been written. */
function traceOf(path: string): string {
  return [path, path + BESIDE]
    .map((each) => statSync(each, { throwIfNoEntry: false }))
    .map((stat) => (stat ? `${stat.ino} ${stat.mtimeMs} ${stat.size}` : ''))
    .join('/');
}

function write(path: string, text: string, { uid, gid }: Stats): void {
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = openSync(beside, 'wx', 0o600);
    try {
      fchmodSync(handle, 0o600);
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    // Root may rotate for the user that Hookyard runs as.
    if (process.getuid?.() === 0) chownSync(beside, uid, gid);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
