/**
 * Returns a function that matches a glob of nothing but literal text, `*`, `?` and `**`, in time proportional to pattern
 * times text. A regular expression tries every way to divide a text among the stars, which takes minutes on a file name
 * of dashes; and anybody chooses file names and titles.
 *
 * As picomatch with `dot: true`: `*` and `?` stay within a `/`-separated part, and `**` as a whole part stands for any
 * number of parts.
 */
export function createSegmentMatcher(glob: string): (text: string) => boolean {
  return quickMatcher(glob) ?? createGeneralMatcher(glob);
}

/** Returns the same, by the one way that works for any simple glob, and for any whose parts `matches` knows. */
export function createGeneralMatcher(
  glob: string,
  matches: (part: string, text: string) => boolean = matchPart,
): (text: string) => boolean {
  const parts = glob.split('/');
  return (text) => matchParts(parts, text.split('/'), matches);
}

/** Returns a faster function for the forms that most globs have: `src/**`, `**\/*.md`, `release-*`, a name. */
function quickMatcher(glob: string): ((text: string) => boolean) | undefined {
  if (isLiteral(glob)) return (text) => text === glob;
  if (glob === '**') return () => true;
  const below = /^(.+)\/\*\*$/.exec(glob)?.[1];
  if (below !== undefined && isLiteral(below)) {
    const folder = `${below}/`;
    return (text) => text.startsWith(folder) || text === below;
  }
  const ending = /^\*\*\/\*([^/]+)$/.exec(glob)?.[1];
  if (ending !== undefined && isLiteral(ending)) return (text) => text.endsWith(ending);
  const anywhere = /^\*\*\/(.+)$/.exec(glob)?.[1];
  if (anywhere !== undefined && isLiteral(anywhere)) {
    const tail = `/${anywhere}`;
    return (text) => text.endsWith(tail) || text === anywhere;
  }
  const beginning = /^([^/]+)\*$/.exec(glob)?.[1];
  if (beginning !== undefined && isLiteral(beginning))
    return (text) => text.startsWith(beginning) && !text.includes('/');
  return undefined;
}

function isLiteral(glob: string): boolean {
  return !/[*?]/.test(glob);
}

/** Returns whether a glob is a simple one, which {@link createSegmentMatcher} can match. */
export function isSimple(glob: string): boolean {
  const parts = glob.split('/');
  return parts.every(
    (part) => !/^\.\.?$/.test(part) && /^[\w\-.*? ,:=%~#$@]+$/.test(part) && (part === '**' || !part.includes('**')),
  );
}

/** Matches part by part: `**` takes as few parts as will do, and one more each time what follows does not match. */
function matchParts(
  parts: readonly string[],
  text: readonly string[],
  matches: (part: string, text: string) => boolean,
): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  const last = parts.lastIndexOf('**');
  while (t < text.length) {
    if (parts[p] === '**') {
      star = p++;
      // What follows the last one has its place at the end.
      if (star === last) t = Math.max(t, text.length - (parts.length - p));
      mark = t;
    } else if (p < parts.length && matches(parts[p] ?? '', text[t] ?? '')) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  // At the end it stands for no part too, unless a star ends the part before: `a/**` is `a` and all below it.
  if (parts[p] === '**' && parts[p - 1]?.endsWith('*') !== true) p++;
  return p === parts.length;
}

/** Returns whether a glob without `/` matches a text. A lone star needs at least one character. */
export function matchPart(part: string, text: string): boolean {
  if (text === '') return part === '';
  return matchPieces(part, text, (piece, at) => {
    if (piece === '?') return characterAt(text, at).length;
    return piece === text[at] ? 1 : 0;
  });
}

/** Returns the character of a text at a place, which may take two of its units: half an emoji is none. */
export function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

/**
 * Matches piece by piece: `*` takes as few characters as will do, and one more each time what follows does not match. `matches`
 * returns how many units of the text a piece takes at a place, 0 where it does not match.
 */
export function matchPieces<Piece>(
  pieces: ArrayLike<Piece | '*'>,
  text: string,
  matches: (piece: Exclude<Piece, '*'>, at: number) => number,
): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    const piece = pieces[p];
    if (piece === '*') {
      star = p++;
      mark = t;
      continue;
    }
    const taken = piece === undefined ? 0 : matches(piece as Exclude<Piece, '*'>, t);
    if (taken > 0) {
      p++;
      t += taken;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pieces[p] === '*') p++;
  return p === pieces.length;
}
