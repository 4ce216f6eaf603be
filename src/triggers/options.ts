import { didYouMean } from './did-you-mean.js';
import { type PatternSubject, problemWithPattern } from './pattern-problems.js';

/**
 * Checks an author's options by hand, because this code runs inside the workflow sandbox too: zod would add about 1 MB
 * to the bundle.
 */

/** Thrown for an unknown option or a value of the wrong shape. The automation's author must change its file. */
export class TriggerError extends Error {
  override readonly name = 'TriggerError';
}

/** Returns what a value must be, in words that follow "must be …", or undefined where it is. */
export type OptionCheck = (value: unknown) => string | undefined;

/** Returns as {@link OptionCheck} does for a value of another shape; else, in such words each, what of a list can't be used. */
export type ListCheck = (value: unknown) => string | readonly string[] | undefined;

/** The check of each option that there is. */
export type OptionTable<T> = { readonly [K in keyof Required<T>]: ListCheck };

/** Checks for a list of globs, none of which is known never to match. */
export function patterns(subject: PatternSubject): ListCheck {
  return (value) => {
    const wrong = listOf()(value);
    if (wrong) return wrong;
    return (value as string[]).flatMap((pattern) => {
      const because = problemWithPattern(pattern, subject);
      return because === undefined ? [] : [`a list of patterns (and ${JSON.stringify(pattern)} ${because})`];
    });
  };
}

/** Checks for a list of non-empty strings: only of the allowed ones, if there are any. */
export function listOf(allowed?: readonly string[]): OptionCheck {
  return (value) => {
    const isList =
      Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string' && item !== '');
    if (!isList) return 'a list of at least one non-empty string';
    const stranger = allowed && value.find((item) => !allowed.includes(item));
    return stranger ? `a list of ${allowed.join(', ')} (and "${stranger}" is not one of them)` : undefined;
  };
}

/** Checks for a boolean. */
export const yesOrNo: OptionCheck = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

/**
 * Returns a copy of `options` with only what is set, and without what is refused where that is heard. Throws {@link TriggerError}: it
 * names the option and the value that was received, and for an unknown option the one that was probably meant. `within`: the option
 * of `owner` that holds these.
 */
export function readOptions<T extends object>(owner: string, options: T, table: OptionTable<T>, within?: string): T {
  const read: Record<string, unknown> = {};
  const say = (error: TriggerError) => {
    refuse(error);
    refused.add(read);
  };
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    say(
      new TriggerError(
        `${owner}()${within ? `: "${within}"` : ''} takes an object of options, not ${JSON.stringify(options)}`,
      ),
    );
    return read as T;
  }
  const called = (name: string) => (within ? `${within}.${name}` : name);
  const checks = table as Record<string, ListCheck>;
  const known = Object.keys(checks);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!known.includes(name)) {
      const meant = didYouMean(name, known) ?? `; it has ${known.map((k) => `"${k}"`).join(', ')}`;
      say(new TriggerError(`${owner}(): unknown option "${called(name)}"${meant}`));
      continue;
    }
    const wrong = checks[name]?.(value);
    const said = (must: string) =>
      new TriggerError(`${owner}(): "${called(name)}" must be ${must}, not ${shown(value)}`);
    if (typeof wrong === 'string') {
      say(said(wrong));
      continue;
    }
    if (wrong) refuseList(value as object, wrong.map(said));
    read[name] = value;
  }
  return read as T;
}

/** What was read of options of which something was refused. */
const refused = new WeakSet<object>();

/** Returns whether something was refused of options that {@link readOptions} has read: what they lack may have been given. */
export function wasRefused(read: object): boolean {
  return refused.has(read);
}

let hear: ((refused: TriggerError) => void) | undefined;

/** Lists that were refused: each trigger of a scope is given that of the scope again. */
const refusedLists = new WeakSet<object>();

function refuseList(list: object, errors: readonly TriggerError[]): void {
  if (refusedLists.has(list)) return;
  if (hear && errors.length > 0) refusedLists.add(list);
  for (const error of errors) refuse(error);
}

/** Throws an error, unless it is heard: then what is made goes on without that which is refused, and is used for nothing. */
export function refuse(error: TriggerError): void {
  if (!hear) throw error;
  hear(error);
}

/**
 * Does work that makes triggers and automations, and returns its result. Calls `heard` with each thing in them that can't be used,
 * which is thrown otherwise: whoever loads a module wants to know of all of them at once. One such work at a time.
 */
export async function hearRefused<T>(heard: (refused: TriggerError) => void, work: () => Promise<T>): Promise<T> {
  hear = heard;
  try {
    return await work();
  } finally {
    hear = undefined;
  }
}

function shown(value: unknown): string {
  return typeof value === 'function' ? 'a function: call it' : JSON.stringify(value);
}
