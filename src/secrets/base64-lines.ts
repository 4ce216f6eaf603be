import { PieceFinder } from './piece-finder.js';
import { SHORTEST, type Span } from './text-finder.js';

/** In characters: of the shortest piece of a line that is told from anything else: six bytes, as of all secrets. */
const PIECE = 8;
/** Of a place in the table of pieces. */
const BITS = 17;
/** Spreads pieces over the table: the golden ratio, as Knuth takes it. */
const FACTOR = 0x9e3779b1;

/** What base64 is written in, for URLs too, however its lines are broken: also by `\n` within JSON. */
const RUN = /(?:\\r)?\\n|[A-Za-z0-9+/_-]{8,}/g;

/**
 * Finds secrets in base64 that is broken into lines, of whatever length and whatever stands before and after the secret: each line by
 * itself, since lines come one by one. In the first one a secret stands at its end, in the last one at its beginning, and those between
 * are all of it. Of each end as much is found as has eight characters.
 */
export class Base64Lines {
  /** Knows how base64 writes each secret when 0, 1 or 2 bytes precede it, without what depends on others. */
  readonly #written = new PieceFinder();
  /** Which pieces there may be: most lines begin and end with none, and are soon dealt with. */
  readonly #mayBe = new Uint8Array(1 << BITS);
  #isEmpty = true;

  /** Adds a secret; one that is shorter than {@link SHORTEST} is left out. */
  add(secret: string): void {
    const bytes = Buffer.from(secret);
    if (secret.length < SHORTEST) return;
    for (const before of [0, 1, 2]) {
      const all = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
      const own = all.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
      this.#isEmpty = false;
      this.#written.add(own);
      for (let at = 0; at + PIECE <= own.length; at++) this.#mayBe[placeOf(own, at)] = 1;
    }
  }

  /** Returns where pieces stand in a text. They may overlap. */
  find(text: string): Span[] {
    if (this.#isEmpty) return [];
    const found: Span[] = [];
    for (const { 0: run, index } of text.matchAll(RUN)) {
      if (run.startsWith('\\')) continue;
      const plain = run.replaceAll('-', '+').replaceAll('_', '/');
      const [start, end] = [index, index + run.length];
      const first = this.#has(plain, 0) ? this.#written.fromStart(plain) : 0;
      if (first >= PIECE) found.push({ start, end: start + first });
      const last = first < run.length && this.#has(plain, run.length - PIECE) ? this.#written.toEnd(plain) : 0;
      if (last >= PIECE) found.push({ start: end - last, end });
    }
    return found;
  }

  #has(text: string, at: number): boolean {
    return this.#mayBe[placeOf(text, at)] === 1 && this.#written.fromStart(text.slice(at, at + PIECE)) === PIECE;
  }
}

function placeOf(text: string, at: number): number {
  let hash = 0;
  for (let i = at; i < at + PIECE; i++) hash = Math.imul(hash + text.charCodeAt(i), FACTOR);
  return hash >>> (32 - BITS);
}
