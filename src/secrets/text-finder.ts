import { AlikeTexts } from './alike-texts.js';

/** In characters: of the shortest text that is looked for. */
export const SHORTEST = 6;

/** In characters, of which one look at the table below takes in so many. */
const BLOCK = 3;
const BITS = 14;

/** Where something was found in a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Finds thousands of texts at once, in a time that goes by the text that is searched and not by how many they are: a table says
 * of any three characters how far ahead the next beginning of one of them can be (Wu and Manber, 1994).
 */
export class TextFinder {
  readonly #ahead = new Uint8Array(1 << BITS).fill(SHORTEST - BLOCK + 1);
  readonly #byBeginning = new Map<string, AlikeTexts>();

  /** Adds a text; one that is shorter than {@link SHORTEST} is left out. */
  add(text: string): void {
    if (text.length < SHORTEST) return;
    const beginning = text.slice(0, SHORTEST);
    const alike = this.#byBeginning.get(beginning) ?? new AlikeTexts();
    this.#byBeginning.set(beginning, alike);
    alike.add(text);
    for (let at = 0; at <= SHORTEST - BLOCK; at++) {
      const block = blockAt(beginning, at);
      this.#ahead[block] = Math.min(this.#ahead[block] ?? 0, SHORTEST - BLOCK - at);
    }
  }

  /** Returns where the texts stand, in order, the longest at each place. They may overlap. */
  find(text: string): Span[] {
    const found: Span[] = [];
    for (let at = SHORTEST - BLOCK; at + BLOCK <= text.length; ) {
      const ahead = this.#ahead[blockAt(text, at)] ?? 0;
      if (ahead === 0) {
        const start = at - (SHORTEST - BLOCK);
        const length = this.#byBeginning.get(text.slice(start, start + SHORTEST))?.longestAt(text, start) ?? 0;
        if (length > 0) found.push({ start, end: start + length });
      }
      at += ahead || 1;
    }
    return found;
  }
}

function blockAt(text: string, at: number): number {
  return ((text.charCodeAt(at) << 8) ^ (text.charCodeAt(at + 1) << 4) ^ text.charCodeAt(at + 2)) & ((1 << BITS) - 1);
}
