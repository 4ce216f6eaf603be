import { Base64Lines } from './base64-lines.js';
import { spellings } from './spellings.js';
import { type Span, TextFinder } from './text-finder.js';

/** Finds secrets in what jobs print, in whatever way they are written. */
export class SpellingFinder {
  readonly #texts = new TextFinder();
  readonly #lines = new Base64Lines();

  /** Adds a secret. `words`: see {@link spellings}. */
  add(secret: string, how: { readonly words: boolean }): void {
    for (const text of spellings(secret, how)) this.#texts.add(text);
    this.#lines.add(secret.trim());
  }

  /** Returns where they stand. Places may overlap. */
  find(text: string): Span[] {
    return [...this.#texts.find(text), ...this.#lines.find(text)];
  }
}
