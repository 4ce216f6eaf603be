import { spellings } from './spellings.js';
import { type Span, TextFinder } from './text-finder.js';

/** Of each secret: what it is, and what it was before. */
const MOST_OF_ONE = 20;

/**
 * What secrets of the configuration have become since it was read. What each is now is always known, and what it was for the last 20
 * times at least, however often others are replaced.
 */
export class RotatedValues {
  readonly #bySecret = new Map<string, string[]>();
  #finder = new TextFinder();

  /** `secret`: whose value it is, in whatever words. */
  add(secret: string, text: string): void {
    const values = (this.#bySecret.get(secret) ?? []).filter((each) => each !== text);
    this.#bySecret.set(secret, [...values, text]);
    this.#learn(text);
    if (values.length >= 2 * MOST_OF_ONE) this.#forgetOld();
  }

  /** Returns where they stand in a text. */
  find(text: string): Span[] {
    return this.#bySecret.size > 0 ? this.#finder.find(text) : [];
  }

  /** A finder forgets nothing, so it is made anew. */
  #forgetOld(): void {
    this.#finder = new TextFinder();
    for (const [secret, values] of this.#bySecret) {
      const kept = values.slice(-MOST_OF_ONE);
      this.#bySecret.set(secret, kept);
      for (const each of kept) this.#learn(each);
    }
  }

  #learn(text: string): void {
    for (const each of spellings(text, { words: false })) this.#finder.add(each);
  }
}
