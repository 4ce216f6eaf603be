import { inspect } from 'node:util';

/** A secret's value, and then those that it has replaced, newest first, while they still count. */
export type SecretValues = readonly [string, ...string[]];

/**
 * Holds a secret in memory. Printing, logging or serialising it shows `[secret]`; only {@link reveal} and {@link revealAll}
 * return values, so a search for `.reveal` finds every place that uses one.
 */
export class Secret {
  readonly #values: () => SecretValues;

  /** `value`: the text, or what returns it anew with each use, because it may be rotated. */
  constructor(value: string | (() => SecretValues)) {
    this.#values = typeof value === 'string' ? () => [value] : value;
  }

  /** Returns the value that is sent, and signed with. */
  reveal(): string {
    return this.#values()[0];
  }

  /** Returns all values that are accepted: for some time after a secret was rotated, the one before too. */
  revealAll(): SecretValues {
    return this.#values();
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
