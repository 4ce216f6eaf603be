/** Elements whose content is no part of what a comment's author says: hidden, preformatted, quoted or struck out. */
const HIDING = new Set(
  (
    'details summary blockquote q pre code samp kbd tt listing xmp plaintext script style template textarea title iframe ' +
    'noembed noframes noscript object svg math select option datalist audio video canvas dialog del s strike table head ' +
    'a cite ruby rp rt bdo bdi font picture progress meter applet frameset legend button marquee caption map'
  ).split(' '),
);
/** Elements that no end tag ends. */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
/** Elements whose end tag may be left out. */
const OPTIONAL_END = new Set('p li dt dd tr td th thead tbody tfoot colgroup optgroup'.split(' '));
/** What a browser takes for text until their end tag, and some providers do not. */
const RAW = new Set('script style textarea title xmp iframe noembed noframes noscript'.split(' '));
/** Elements that the end of a list or quote around them does not end, or that a browser opens again behind it. */
const LASTING = new Set(
  [...RAW].concat(
    'plaintext template object svg math select table applet marquee caption a code font s strike tt'.split(' '),
  ),
);
const HIDING_ATTRIBUTE = /\s(?:hidden|style|class|dir|popover|inert)(?![\w:.-])/i;

/** Where a browser begins to read something else than text. */
const BEGINNING = /<[a-z/!?]/gi;
const COMMENT = /<!--(?!-?>)[\s\S]*?-->/y;
/** The tags that CommonMark knows. All readers of HTML understand them alike. */
const TAG =
  /<(?:([a-z][a-z0-9-]*)((?:\s+[a-z_:@][\w:.-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*)\s*\/?|\/([a-z][a-z0-9-]*)\s*)>/iy;

/** Which HTML is open at a place of a comment. */
export interface HidingHtml {
  /** Reads a piece of raw HTML. */
  read(html: string): void;
  isOpen(): boolean;
  /** Returns a function that closes what is opened from now on: the end of a list or quote ends most HTML in it. */
  mark(): () => void;
}

/**
 * Returns what follows the raw HTML of one comment. Nothing is open at its beginning. Where browsers and what providers
 * clean HTML with may disagree about what is hidden (tags that are not well formed, that end in another order than they
 * begin, or that stand in a script), all that follows counts as hidden.
 */
export function createHidingHtml(): HidingHtml {
  let open: string[] = [];
  /** How many were open where the innermost list or quote began: what ends those within it is unclear. */
  let outer = 0;
  let isUnclear = false;

  function begin(name: string, attributes: string): void {
    if (VOID.has(name)) return;
    if (name === 'plaintext') isUnclear = true;
    const isWithin = open.length > 0 && !OPTIONAL_END.has(name);
    if (HIDING.has(name) || isWithin || HIDING_ATTRIBUTE.test(attributes)) open.push(name);
  }

  function end(name: string): void {
    if (open.at(-1) === name && open.length > outer) open.pop();
    else if (open.includes(name)) isUnclear = true;
  }

  /** Reads the comment or tag at an index, and returns where it ends; undefined if there is none. */
  function readPiece(html: string, at: number): number | undefined {
    COMMENT.lastIndex = at;
    TAG.lastIndex = at;
    const comment = COMMENT.exec(html)?.[0];
    const tag = comment === undefined ? TAG.exec(html) : null;
    const [piece = comment, started, attributes = '', ended] = tag ?? [];
    const isInRaw = RAW.has(open.at(-1) ?? '') && ended?.toLowerCase() !== open.at(-1);
    if (piece === undefined || piece.includes('--!>') || isInRaw) return undefined;
    if (started !== undefined) begin(started.toLowerCase(), attributes);
    if (ended !== undefined) end(ended.toLowerCase());
    return at + piece.length;
  }

  return {
    read(html) {
      for (let at = 0; !isUnclear; ) {
        BEGINNING.lastIndex = at;
        const found = BEGINNING.exec(html);
        if (!found) return;
        const next = readPiece(html, found.index);
        if (next === undefined) isUnclear = true;
        else at = next;
      }
    },
    isOpen: () => isUnclear || open.length > 0,
    mark() {
      const before = outer;
      const { length } = open;
      outer = length;
      return () => {
        open = open.filter((name, at) => at < length || LASTING.has(name));
        outer = before;
      };
    },
  };
}
