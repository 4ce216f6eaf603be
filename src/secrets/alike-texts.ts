/**
 * Texts that begin alike, of which the longest is found that stands at a place. How long that takes goes by how long they are, and next to
 * nothing by how many: strangers may have many hidden, and print what begins like all of them.
 */
export class AlikeTexts {
  readonly #given = new Set<string>();
  /** In order; of each the place of the longest other that it begins with, -1 where there is none. Undefined: to be made anew. */
  #sorted: { readonly texts: readonly string[]; readonly within: readonly number[] } | undefined;

  add(text: string): void {
    if (this.#given.has(text)) return;
    this.#given.add(text);
    this.#sorted = undefined;
  }

  /** Returns the length of the longest that stands at a place of a text; 0 where none does. */
  longestAt(text: string, start: number): number {
    this.#sorted ??= sorted(this.#given);
    const { texts, within } = this.#sorted;
    let [low, high] = [0, texts.length];
    // How much what stands there has in common with the texts just before and behind it: all between have the lesser of both.
    let [before, behind] = [0, 0];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const each = texts[middle] ?? '';
      const length = alike(each, { text, start }, Math.min(before, behind));
      if (length === each.length || each.charCodeAt(length) < text.charCodeAt(start + length)) {
        low = middle + 1;
        before = length;
      } else {
        high = middle;
        behind = length;
      }
    }
    // All that what stands there begins with, the one before it begins with too.
    for (let at = low - 1; at >= 0; at = within[at] ?? -1) {
      const { length } = texts[at] ?? '';
      if (length <= before) return length;
    }
    return 0;
  }
}

function sorted(given: ReadonlySet<string>) {
  const texts = [...given].sort();
  const within: number[] = [];
  for (const [i, text] of texts.entries()) {
    let at = i - 1;
    while (at >= 0 && !text.startsWith(texts[at] ?? '')) at = within[at] ?? -1;
    within.push(at);
  }
  return { texts, within };
}

/** Returns how much a text has in common with what stands at a place of another. `known`: of how much that is known. */
function alike(one: string, { text, start }: { text: string; start: number }, known: number): number {
  const most = Math.min(one.length, text.length - start);
  let length = known;
  while (length < most && one.charCodeAt(length) === text.charCodeAt(start + length)) length++;
  return length;
}
