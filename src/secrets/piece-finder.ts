/** Stands for an edge or a state where there is none. */
const NONE = -1;
/** The state of no characters, at which all begin. */
const FIRST = 0;

/**
 * Knows all pieces of some texts, and finds them at the ends of others. Adding a text takes a time that goes by its length, and looking one
 * that goes by the length of what is searched; neither goes by how many texts there are, or how often they have how much in common:
 * strangers may have many hidden, and print what is in all of them. It is a suffix automaton (Blumer and others, 1985) of several
 * texts: each state stands for pieces that end at the same places, of which each is the end of the next longer one.
 */
export class PieceFinder {
  /** Of each state, in characters: how long the longest of its pieces is. */
  readonly #longest = [0];
  /** Of each state, the one of the longest end of its pieces that also ends elsewhere. */
  readonly #link = [NONE];
  /** Whether a text ends with the pieces of a state. */
  readonly #isEnd = [false];
  /** Whether a text begins with the longest piece of a state. */
  readonly #isBeginning = [false];
  /** Of each state, its newest edge. */
  readonly #newest = [NONE];
  /** Of each edge, the one before it of the same state, its character, and the state that it leads to. */
  readonly #before: number[] = [];
  readonly #character: number[] = [];
  readonly #target: number[] = [];

  add(text: string): void {
    let state = FIRST;
    for (let at = 0; at < text.length; at++) {
      state = this.#longer(state, text.charCodeAt(at));
      this.#isBeginning[state] = true;
    }
    for (; state > FIRST; state = this.#linkOf(state)) this.#isEnd[state] = true;
  }

  /** Returns in characters how much of a line, from its start, some text ends with, or all of it where it is within one; 0: none. */
  fromStart(line: string): number {
    let [state, most] = [FIRST, 0];
    for (let at = 0; at < line.length; at++) {
      const edge = this.#edge(state, line.charCodeAt(at));
      if (edge === NONE) return most;
      state = this.#target[edge] ?? FIRST;
      if (this.#isEnd[state]) most = at + 1;
    }
    return line.length;
  }

  /** Returns in characters how much of a line, up to its end, some text begins with; 0: none. */
  toEnd(line: string): number {
    let [state, length] = [FIRST, 0];
    for (let at = 0; at < line.length; at++) {
      const character = line.charCodeAt(at);
      let edge = this.#edge(state, character);
      while (edge === NONE && state > FIRST) {
        state = this.#linkOf(state);
        length = this.#longestOf(state);
        edge = this.#edge(state, character);
      }
      if (edge === NONE) continue;
      state = this.#target[edge] ?? FIRST;
      length += 1;
    }
    for (; state > FIRST; state = this.#linkOf(state))
      if (this.#isBeginning[state] && this.#longestOf(state) <= length) return this.#longestOf(state);
    return 0;
  }

  /**
   * Returns the state of the longest piece of a state with a character behind it. Where that is new, it is made, and the ends of the
   * piece lead to it too, down to the first that is known with the character.
   */
  #longer(state: number, character: number): number {
    const known = this.#edge(state, character);
    if (known !== NONE) return this.#alone(state, known);
    const made = this.#make(this.#longestOf(state) + 1);
    for (let from = state; from !== NONE; from = this.#linkOf(from)) {
      const edge = this.#edge(from, character);
      if (edge !== NONE) {
        this.#link[made] = this.#alone(from, edge);
        break;
      }
      this.#connect(from, character, made);
    }
    return made;
  }

  /** Returns the state that an edge leads to, or where that has longer pieces than come by the edge, a new one that has none of these. */
  #alone(state: number, edge: number): number {
    const shared = this.#target[edge] ?? FIRST;
    const length = this.#longestOf(state) + 1;
    if (this.#longestOf(shared) === length) return shared;
    const made = this.#make(length);
    this.#link[made] = this.#linkOf(shared);
    this.#link[shared] = made;
    this.#isEnd[made] = this.#isEnd[shared] ?? false;
    for (let each = this.#newest[shared] ?? NONE; each !== NONE; each = this.#before[each] ?? NONE)
      this.#connect(made, this.#character[each] ?? 0, this.#target[each] ?? FIRST);
    const character = this.#character[edge] ?? 0;
    for (let from = state; from !== NONE; from = this.#linkOf(from)) {
      const each = this.#edge(from, character);
      if (this.#target[each] !== shared) break;
      this.#target[each] = made;
    }
    return made;
  }

  #make(longest: number): number {
    this.#link.push(FIRST);
    this.#isEnd.push(false);
    this.#isBeginning.push(false);
    this.#newest.push(NONE);
    return this.#longest.push(longest) - 1;
  }

  #connect(state: number, character: number, target: number): void {
    this.#before.push(this.#newest[state] ?? NONE);
    this.#character.push(character);
    this.#newest[state] = this.#target.push(target) - 1;
  }

  #edge(state: number, character: number): number {
    let edge = this.#newest[state] ?? NONE;
    while (edge !== NONE && this.#character[edge] !== character) edge = this.#before[edge] ?? NONE;
    return edge;
  }

  #linkOf(state: number): number {
    return this.#link[state] ?? NONE;
  }

  #longestOf(state: number): number {
    return this.#longest[state] ?? 0;
  }
}
