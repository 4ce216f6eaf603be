import { characterAt, createGeneralMatcher, matchPieces } from './segments.js';

/**
 * A glob whose parts hold choices beside text, `*` and `?`: `*.{html,css}`, `v[0-9]*`. It is matched as simple ones are, in time proportional
 * to pattern times text, and so against paths of any length.
 */

/** What one character is matched by; `*` by none or more. */
type Piece = '*' | '?' | { readonly is: string } | { readonly in: RegExp };

/** A plus after braces or a class, or before a group, says how often. */
const TEXT = String.raw`[\w\-. ,:=%~#$@]|[^\0-\x7f]|(?<![\]}])\+(?!\()`;
const STAR = String.raw`\*(?!\*)`;
/** Of braces no dots in a row: `{1..3}` is a range. */
const BRACES = String.raw`\{(?!,*\})(?:(?!\.\.)(?:[\w\-. :=%~#$@]|[^\0-\x7f]|${STAR}|\?|,))*\}`;
const CLASS = String.raw`\[[!^]?-?(?:[A-Za-z0-9]-[A-Za-z0-9]|[\w.])+-?\]`;
const PIECES = new RegExp(`${BRACES}|${CLASS}|${STAR}|\\?|${TEXT}`, 'gs');
/** Ways to read a part: braces after braces multiply. */
const MAX_WAYS = 200;

/** Returns a function that matches such a glob, as picomatch does with `dot: true`; undefined for a glob that holds anything else. */
export function createChoiceMatcher(glob: string): ((text: string) => boolean) | undefined {
  const parts = new Map<string, readonly (readonly Piece[])[]>();
  for (const part of glob.split('/')) {
    const ways = part === '**' ? [] : waysToRead(part);
    if (!ways) return undefined;
    parts.set(part, ways);
  }
  const matches = createGeneralMatcher(glob, (part, text) =>
    (parts.get(part) ?? []).some((pieces) => matchPieces(pieces, text, (piece, at) => taken(piece, text, at))),
  );
  return (text) => text === glob || matches(text);
}

/** Returns the texts with stars and classes that a part stands for; undefined where it holds anything else, or too many. */
function waysToRead(part: string): readonly (readonly Piece[])[] | undefined {
  const written = part.match(PIECES) ?? [];
  if (part === '' || /^\.\.?$/.test(part) || written.join('') !== part) return undefined;
  let ways: readonly (readonly Piece[])[] = [[]];
  for (const one of written) {
    const choices = choicesOf(one);
    if (!choices || ways.length * choices.length > MAX_WAYS) return undefined;
    ways = ways.flatMap((way) => choices.map((choice) => [...way, ...choice]));
  }
  return ways;
}

function choicesOf(written: string): readonly (readonly Piece[])[] | undefined {
  if (written.length > 1 && written.startsWith('{')) {
    const texts = written.slice(1, -1).split(',');
    return texts.length > 1 ? texts.map((text) => text.split('').map(pieceOf)) : undefined;
  }
  if (written.length === 1) return [[pieceOf(written)]];
  const body = written.slice(1, -1).replace(/^!/, '^');
  const isInOrder = [...body.matchAll(/([A-Za-z0-9])-([A-Za-z0-9])/g)].every(([, from = '', to = '']) => from <= to);
  if (!isInOrder) return undefined;
  const one = [{ in: new RegExp(`^[${body}]$`, 'u') }];
  // To picomatch, one of nothing but letters may be meant as it stands.
  return /[-.^]/.test(body) ? [one] : [one, written.split('').map((is) => ({ is }))];
}

function pieceOf(character: string): Piece {
  return character === '*' || character === '?' ? character : { is: character };
}

/** Returns how many units of a text a piece takes at a place; 0 where it does not match. */
function taken(piece: Exclude<Piece, '*'>, text: string, at: number): number {
  if (piece !== '?' && 'is' in piece) return piece.is === text[at] ? 1 : 0;
  const character = characterAt(text, at);
  return piece === '?' || piece.in.test(character) ? character.length : 0;
}
