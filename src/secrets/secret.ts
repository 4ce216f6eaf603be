import { inspect } from 'node:util';

/** A secret's value, and then those that it has replaced, newest first, while they still count. */
export type SecretValues = readonly [string, ...string[]];

/** What is known of a secret that is not in memory from the beginning. */
export interface SecretSource {
  /** Takes the value anew where it is too old. Returns in words why that can't be done; what was there before counts then. */
  readonly refresh: () => Promise<string | undefined>;
  /** Returns the values that are in memory by now. */
  readonly known: () => readonly string[];
}

/**
 * Holds a secret in memory. Printing, logging or serialising it shows `[secret]`; only {@link reveal} and its like return
 * values, so a search for `.reveal` finds every place that uses one.
 */
export class Secret {
  readonly #values: () => SecretValues;
  readonly #source: SecretSource | undefined;

  /** `value`: the text, or what returns it anew with each use, because it may be rotated. */
  constructor(value: string | (() => SecretValues), source?: SecretSource) {
    this.#values = typeof value === 'string' ? () => [value] : value;
    this.#source = source;
  }

  /** Returns the value that is sent, and signed with. */
  reveal(): string {
    return this.#values()[0];
  }

  /** Returns all values that are accepted: for some time after a secret was rotated, the one before too. */
  revealAll(): SecretValues {
    return this.#values();
  }

  /** Whether it may be another one later: see {@link refresh}. */
  get canChange(): boolean {
    return this.#source !== undefined;
  }

  /** Returns the values that are in memory by now: those that can come out. */
  revealKnown(): readonly string[] {
    return this.#source ? this.#source.known() : this.#values();
  }

  /** Takes the value anew where it may have changed since. Returns in words why that can't be done, though one is there. */
  async refresh(): Promise<string | undefined> {
    return this.#source?.refresh();
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
