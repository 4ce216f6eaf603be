import { SHORTEST, type Span } from './text-finder.js';

/** In characters: of the shortest piece of a line that is told from anything else: six bytes, as of all secrets. */
const PIECE = 8;
/** A power of two: of the bits that say which pieces there may be. */
const BITS = 1 << 20;
/** In one secret: one that repeats itself would have each line compared with all of it. */
const MOST_PLACES = 20;

/** What base64 is written in, for URLs too, however its lines are broken: also by `\n` within JSON. */
const RUN = /(?:\\r)?\\n|[A-Za-z0-9+/_-]{8,}/g;

/**
 * Finds secrets in base64 that is broken into lines, of whatever length and whatever stands before and after the secret: each line by
 * itself, since lines come one by one. In the first one a secret stands at its end, in the last one at its beginning, and those between
 * are all of it. Of each end as much is found as has eight characters.
 */
export class Base64Lines {
  /** How base64 writes each secret when 0, 1 or 2 bytes precede it, without what depends on others. */
  readonly #written: string[] = [];
  /** Whether a piece may be there: most texts hold none, and the rest is looked up. */
  readonly #pieces = new Uint8Array(BITS / 8);

  /** Adds a secret; one that is shorter than {@link SHORTEST} is left out. */
  add(secret: string): void {
    const bytes = Buffer.from(secret);
    if (secret.length < SHORTEST) return;
    for (const before of [0, 1, 2]) {
      const all = Buffer.concat([Buffer.alloc(before), bytes])
        .toString('base64')
        .replace(/=+$/, '');
      const own = all.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
      if (own.length < PIECE || this.#written.includes(own)) continue;
      this.#written.push(own);
      for (let at = 0; at + PIECE <= own.length; at++) this.#mark(own, at);
    }
  }

  /** Returns where pieces stand in a text. They may overlap. */
  find(text: string): Span[] {
    if (this.#written.length === 0) return [];
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
    const piece = line.slice(0, PIECE);
    let most = 0;
    for (const [written, at] of this.#places(piece)) {
      const length = alike(line, 0, written, at);
      if (length === line.length || at + length === written.length) most = Math.max(most, length);
    }
    return most;
  }

  /** Returns how much of a line, up to its end, is the beginning of a secret. */
  #toEnd(line: string): number {
    let most = 0;
    for (const [written, at] of this.#places(line.slice(-PIECE))) {
      const length = at + PIECE;
      if (line.endsWith(written.slice(0, length))) most = Math.max(most, length);
    }
    return most;
  }

  *#places(piece: string): Generator<readonly [written: string, at: number]> {
    const bit = bitOf(piece, 0);
    if (((this.#pieces[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return;
    for (const written of this.#written) {
      let at = written.indexOf(piece);
      for (let places = 0; at >= 0 && places < MOST_PLACES; places++) {
        yield [written, at];
        at = written.indexOf(piece, at + 1);
      }
    }
  }

  #mark(text: string, at: number): void {
    const bit = bitOf(text, at);
    this.#pieces[bit >> 3] = (this.#pieces[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
}

function alike(one: string, from: number, other: string, at: number): number {
  let length = 0;
  while (from + length < one.length && one[from + length] === other[at + length]) length++;
  return length;
}

function bitOf(text: string, at: number): number {
  let hash = 0;
  for (let i = at; i < at + PIECE; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 12)) & (BITS - 1);
}
