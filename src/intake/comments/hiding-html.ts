/** Elements whose content is no part of what a comment's author says: hidden, preformatted, quoted or struck out. */
const HIDING = new Set(
  (
    'details summary blockquote q pre code samp kbd tt listing xmp plaintext script style template textarea title iframe ' +
    'noembed noframes noscript object svg math select option datalist audio video canvas dialog del s strike table head ' +
    'a cite'
  ).split(' '),
);
/** Elements that no end tag ends. */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

/** A comment, or a tag with its attributes. What is not closed runs to the end. */
const PIECE = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)(>?)/gi;

/** Which HTML is open at a place of a comment. */
export interface HidingHtml {
  /** Reads a piece of raw HTML. */
  read(html: string): void;
  isOpen(): boolean;
  /** Returns a function that closes what is opened from now on: the end of a list or quote ends the HTML in it. */
  mark(): () => void;
}

/** Returns what follows the raw HTML of one comment. Nothing is open at its beginning. */
export function createHidingHtml(): HidingHtml {
  let open = new Map<string, number>();
  let unfinished = false;

  function tag(name: string, attributes: string, isEnd: boolean): void {
    if (VOID.has(name)) return;
    const count = open.get(name) ?? 0;
    if (isEnd) {
      if (count > 0) open.set(name, count - 1);
    } else if (count > 0 || HIDING.has(name) || /\b(?:hidden|style)\b/i.test(attributes)) open.set(name, count + 1);
  }

  return {
    read(html) {
      for (const [piece, end, name, attributes = '', close] of html.matchAll(PIECE)) {
        if (piece.startsWith('<!--')) unfinished ||= !piece.endsWith('-->') && !/^<!--+?-?>/.test(piece);
        else if (!close) unfinished = true;
        else tag((name ?? '').toLowerCase(), attributes, end === '/');
      }
    },
    isOpen: () => unfinished || [...open.values()].some((count) => count > 0),
    mark() {
      const before = new Map(open);
      return () => {
        open = before;
      };
    },
  };
}
