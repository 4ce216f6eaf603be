import { inspect } from 'node:util';

/**
 * Holds a secret in memory. Printing, logging or serialising it shows `[secret]`; only {@link reveal} returns the value, so
 * a search for `.reveal(` finds every place that uses one.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
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
