import { spellings } from './spellings.js';
import { type Span, TextFinder } from './text-finder.js';

/**
 * Secrets that end by themselves. Each is known until its end, unless so many come that there is no room: then the newest are. They are
 * forgotten by the thousand, since a finder forgets nothing.
 */
export class IssuedSecrets {
  #young = noneYet();
  #old = noneYet();

  /** `most`: of the newest, how many are known in any case; at most twice as many are. */
  constructor(private readonly most: number) {}

  /** `until`, `now`: Unix ms. */
  add(text: string, { until, now }: { readonly until: number; readonly now: number }): void {
    if (this.#old.until < now) this.#old = noneYet();
    if (this.#young.until < now || this.#young.texts.size >= this.most) {
      this.#old = this.#young.until < now ? this.#old : this.#young;
      this.#young = noneYet();
    }
    const { texts, finder } = this.#young;
    this.#young.until = Math.max(this.#young.until, until);
    if (texts.has(text)) return;
    texts.add(text);
    for (const each of spellings(text, { words: false })) finder.add(each);
  }

  /** Returns where they stand in a text. */
  find(text: string): Span[] {
    return [this.#young, this.#old].flatMap(({ texts, finder }) => (texts.size > 0 ? finder.find(text) : []));
  }
}

/** Those that came one after the other. `until`: when the last of them ends. */
function noneYet() {
  return { texts: new Set<string>(), finder: new TextFinder(), until: Number.NEGATIVE_INFINITY };
}
