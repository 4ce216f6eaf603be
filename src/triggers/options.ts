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

/** The check of each option that there is. */
export type OptionTable<T> = { readonly [K in keyof Required<T>]: OptionCheck };

/** Checks for a list of globs, none of which is known never to match. */
export function patterns(subject: PatternSubject): OptionCheck {
  return (value) => {
    const wrong = listOf()(value);
    if (wrong) return wrong;
    const problem = (value as string[])
      .map((pattern) => ({ pattern, because: problemWithPattern(pattern, subject) }))
      .find(({ because }) => because);
    return problem && `a list of patterns (and ${JSON.stringify(problem.pattern)} ${problem.because})`;
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
 * Returns a copy of `options` with only what is set. Throws {@link TriggerError}: it names the option and the value that
 * was received, and for an unknown option the one that was probably meant. `within`: the option of `owner` that holds these.
 */
export function readOptions<T extends object>(owner: string, options: T, table: OptionTable<T>, within?: string): T {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TriggerError(
      `${owner}()${within ? `: "${within}"` : ''} takes an object of options, not ${JSON.stringify(options)}`,
    );
  }
  const called = (name: string) => (within ? `${within}.${name}` : name);
  const checks = table as Record<string, OptionCheck>;
  const known = Object.keys(checks);
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!known.includes(name)) {
      const meant = didYouMean(name, known) ?? `; it has ${known.map((k) => `"${k}"`).join(', ')}`;
      throw new TriggerError(`${owner}(): unknown option "${called(name)}"${meant}`);
    }
    const wrong = checks[name]?.(value);
    if (wrong) throw new TriggerError(`${owner}(): "${called(name)}" must be ${wrong}, not ${shown(value)}`);
    read[name] = value;
  }
  return read as T;
}

function shown(value: unknown): string {
  return typeof value === 'function' ? 'a function: call it' : JSON.stringify(value);
}
