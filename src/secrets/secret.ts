import { inspect } from 'node:util';

/** A secret's value, and then those that it has replaced, newest first, while they still count. */
export type SecretValues = readonly [string, ...string[]];

/** Where it is told what becomes of a secret, in words that hold nothing of it. */
export interface SecretLog {
  warn(text: string): void;
  info(text: string): void;
}

/** What is known of a secret that is not in memory from the beginning. */
export interface SecretSource {
  /** Takes the value anew where it is too old. Returns in words why it is older than it may be; what was there before counts then. */
  readonly refresh: () => Promise<string | undefined>;
  /** Has it told from now on that the value can't be taken anew, and that it can be again. */
  readonly watch: (log: SecretLog) => void;
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

  /** Has what becomes of it told from now on, once for each change. */
  watch(log: SecretLog): void {
    this.#source?.watch(log);
  }

  /** Takes the value anew where it may have changed since. Returns in words why one is used that is older than it may be. */
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
