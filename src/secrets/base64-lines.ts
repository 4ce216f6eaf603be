import { randomInt } from 'node:crypto';
import { SHORTEST, type Span } from './text-finder.js';

/** In characters: of the shortest piece of a line that is told from anything else: six bytes, as of all secrets. */
const PIECE = 8;
/** A power of two: of the lists that say where pieces are. */
const LISTS = 1 << 15;
/** Of places that a list has of one secret: with all of one that repeats itself, each line would be compared. */
const MOST_OF_ONE = 32;
/** Of places that a line is compared with: more than there are of secrets that begin alike, as keys do, and not without end. */
const MOST_PLACES = 2_048;
/** Makes which pieces share a list another matter in each process: nobody can have a line compared with all. */
const FACTOR = randomInt(1 << 30) * 2 + 1;

/** What base64 is written in, for URLs too, however its lines are broken: also by `\n` within JSON. */
const RUN = /(?:\\r)?\\n|[A-Za-z0-9+/_-]{8,}/g;
/** Stands before and behind each secret: base64 has none. */
const END = '\n';

/**
 * Finds secrets in base64 that is broken into lines, of whatever length and whatever stands before and after the secret: each line by
 * itself, since lines come one by one. In the first one a secret stands at its end, in the last one at its beginning, and those between
 * are all of it. Of each end as much is found as has eight characters.
 */
export class Base64Lines {
  /** How base64 writes each secret when 0, 1 or 2 bytes precede it, without what depends on others. */
  #written = END;
  /** Of each list, its newest place in {@link #written}; 0 where it is empty: of most, so that most texts are soon dealt with. */
  readonly #newest = new Int32Array(LISTS);
  /** Of each place, the one before it in its list. */
  readonly #before: number[] = [];

  /** Adds a secret; one that is shorter than {@link SHORTEST} is left out. */
  add(secret: string): void {
    const bytes = Buffer.from(secret);
    if (secret.length < SHORTEST) return;
    for (const before of [0, 1, 2]) {
      const all = Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .replace(/=+$/, '');
      const own = all.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
      if (own.length < PIECE || this.#written.includes(`${END}${own}${END}`)) continue;
      const start = this.#written.length;
      this.#written += `${own}${END}`;
      const counts = new Map<number, number>();
      for (let at = 0; at + PIECE <= own.length; at++) {
        const list = listOf(own, at);
        const count = counts.get(list) ?? 0;
        if (count === MOST_OF_ONE) continue;
        counts.set(list, count + 1);
        this.#before[start + at] = this.#newest[list] ?? 0;
        this.#newest[list] = start + at;
      }
    }
  }

  /** Returns where pieces stand in a text. They may overlap. */
  find(text: string): Span[] {
    if (this.#written === END) return [];
    const found: Span[] = [];
    for (const { 0: run, index } of text.matchAll(RUN)) {
      if (run.startsWith('\\')) continue;
      const plain = run.replaceAll('-', '+').replaceAll('_', '/');
      const [start, end] = [index, index + run.length];
      const first = this.#fromStart(plain);
      if (first > 0) found.push({ start, end: start + first });
      const last = first === run.length ? 0 : this.#toEnd(plain);
      if (last > 0) found.push({ start: end - last, end });
    }
    return found;
  }

  /** Returns how much of a line, from its start, is a secret's: to the line's end, or to the secret's. */
  #fromStart(line: string): number {
    const written = this.#written;
    let most = 0;
    for (const at of this.#places(line, 0)) {
      let length = PIECE;
      while (length < line.length && line[length] === written[at + length]) length++;
      if (length === line.length || written[at + length] === END) most = Math.max(most, length);
    }
    return most;
  }

  /** Returns how much of a line, up to its end, is the beginning of a secret. */
  #toEnd(line: string): number {
    const written = this.#written;
    const from = line.length - PIECE;
    let most = 0;
    for (const at of this.#places(line, from)) {
      let before = 0;
      while (before < from && line[from - before - 1] === written[at - before - 1]) before++;
      if (written[at - before - 1] === END) most = Math.max(most, before + PIECE);
    }
    return most;
  }

  /** Returns where the piece of a line is, the newest secrets first. */
  *#places(line: string, from: number): Generator<number> {
    let at = this.#newest[listOf(line, from)] ?? 0;
    if (at === 0) return;
    const piece = line.slice(from, from + PIECE);
    for (let looked = 0; at > 0 && looked < MOST_PLACES; looked++) {
      if (this.#written.startsWith(piece, at)) yield at;
      at = this.#before[at] ?? 0;
    }
  }
}

function listOf(text: string, at: number): number {
  let hash = 0;
  for (let i = at; i < at + PIECE; i++) hash = (Math.imul(hash, FACTOR) + text.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 15)) & (LISTS - 1);
}
