import { spellings } from './spellings.js';
import { type Span, TextFinder } from './text-finder.js';

/** Secrets that are known until the process ends. */
export class LastingSecrets {
  readonly #texts = new Set<string>();
  readonly #finder = new TextFinder();

  add(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.#texts.has(text)) continue;
      this.#texts.add(text);
      for (const each of spellings(text, { words: false })) this.#finder.add(each);
    }
  }

  /** Returns where they stand in a text. */
  find(text: string): Span[] {
    return this.#texts.size > 0 ? this.#finder.find(text) : [];
  }
}
