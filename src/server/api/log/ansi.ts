import Anser from 'anser';
import type { LogPiece } from '../contract/logs.js';
import { styleOf } from './ansi-style.js';

/** Of a colour's codes, in characters: longer ones are none. */
const MAX_CODES = 64;
/** Of a link, in characters. */
const MAX_LINK = 2_000;
const ESC = '\u001b';
/** Anything but a tab that terminals don't print. */
const CONTROL = /[^\P{Cc}\t]/u;

/** A link from one character to another. */
interface Link {
  readonly from: number;
  readonly to: number;
  readonly href: string;
}

/**
 * Returns a line as terminals show it, in pieces that look alike; undefined where it holds no control characters. What comes after a
 * carriage return, or after a line was erased, takes the place of what was before. Moves of the cursor are left out.
 */
export function piecesOf(line: string): readonly LogPiece[] | undefined {
  if (!CONTROL.test(line)) return undefined;
  const { coded, links } = fold(line);
  const options = { json: true, use_classes: true, remove_empty: true };
  const pieces: LogPiece[] = [];
  let at = 0;
  for (const entry of Anser.ansiToJson(coded, options)) {
    const style = styleOf(entry);
    for (const { text, href } of splitAtLinks({ text: entry.content, at }, links)) {
      const before = pieces.at(-1);
      if (before && before.style === style && before.href === href)
        pieces.splice(-1, 1, { ...before, text: before.text + text });
      else pieces.push({ text, ...(style !== undefined && { style }), ...(href !== undefined && { href }) });
    }
    at += entry.content.length;
  }
  return pieces;
}

/** Returns a line with colour codes alone, and which of its characters are links. */
function fold(line: string): { readonly coded: string; readonly links: readonly Link[] } {
  /** The codes so far: they hold on where the text is erased. */
  let codes = '';
  let coded = '';
  let length = 0;
  let links: Link[] = [];
  let link: { readonly from: number; readonly href: string } | undefined;
  let returned = false;
  const erase = () => {
    coded = codes;
    length = 0;
    links = [];
    if (link) link = { ...link, from: 0 };
    returned = false;
  };
  const endLink = () => {
    if (link && link.from < length) links.push({ ...link, to: length });
    link = undefined;
  };
  for (const token of tokensOf(line)) {
    if (token.kind === 'text') {
      if (returned) erase();
      coded += token.text;
      length += token.text.length;
    } else if (token.kind === 'return') returned = true;
    else if (token.kind === 'link') {
      endLink();
      if (token.href !== '') link = { from: length, href: token.href };
    } else if (token.final === 'm' && token.codes.length <= MAX_CODES) {
      const code = `${ESC}[${plainCodes(token.codes)}m`;
      codes = /^0*$/.test(token.codes) ? '' : codes + code;
      coded += code;
    } else if (token.final === 'G' && /^[01]?$/.test(token.codes)) returned = true;
    else if (token.final === 'K' && (/^[12]$/.test(token.codes) || returned)) erase();
  }
  endLink();
  return { coded, links };
}

/** The forms with colons say the same: `38:2::255:0:0`, `38:5:9`, `4:3`. */
function plainCodes(codes: string): string {
  return codes
    .replace(/([34]8):2:(?:\d*:)?(\d+):(\d+):(\d+)/g, '$1;2;$2;$3;$4')
    .replace(/([34]8):5:(\d+)/g, '$1;5;$2')
    .replace(/\b4:0\b/g, '24')
    .replace(/:\d*/g, '')
    .replace(/[^\d;]/g, '');
}

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'return' }
  | { readonly kind: 'link'; readonly href: string }
  | { readonly kind: 'control'; readonly final: string; readonly codes: string };

/** What begins a sequence, or is a control character by itself. */
const NEXT = /[^\P{Cc}\t]/gu;
/** Parameters, and the letter that ends the sequence: absent where it was cut. */
const SEQUENCE = /\[([\x30-\x3f]*)[\x20-\x2f]*([\x40-\x7e]?)/y;
/** Text up to its end; where that was cut off, the text is output. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what ends it.
const COMMAND = /[\]PX^_]([\x20-\x7e\u00a0-\uffff]*)(?:\u0007|\u001b\\|\u009c)/y;
const OTHER = /[\x20-\x2f]*[\x30-\x7e]?/y;

function* tokensOf(line: string): Generator<Token> {
  let at = 0;
  while (at < line.length) {
    NEXT.lastIndex = at;
    const next = NEXT.exec(line)?.index ?? line.length;
    if (next > at) yield { kind: 'text', text: line.slice(at, next) };
    at = next + 1;
    const control = line[next];
    if (control === '\r') yield { kind: 'return' };
    if (control !== ESC) continue;
    const rest = (pattern: RegExp) => {
      pattern.lastIndex = at;
      const found = pattern.exec(line);
      if (found) at += found[0].length;
      return found;
    };
    const sequence = rest(SEQUENCE);
    if (sequence) {
      yield { kind: 'control', codes: sequence[1] ?? '', final: sequence[2] ?? '' };
      continue;
    }
    const command = rest(COMMAND);
    const [, href] = /^8;[^;]*;(.*)$/s.exec(command?.[1] ?? '') ?? [];
    if (href !== undefined && href.length <= MAX_LINK) yield { kind: 'link', href: webAddress(href) };
    if (!command) rest(OTHER);
  }
}

/** Returns the address if it leads to the web; `''` for all others. */
function webAddress(href: string): string {
  return /^https?:\/\//i.test(href) && URL.canParse(href) ? href : '';
}

/** Returns a text that begins at a character of the line in parts that are links, or not. */
function* splitAtLinks(
  { text, at }: { readonly text: string; readonly at: number },
  links: readonly Link[],
): Generator<{ readonly text: string; readonly href?: string }> {
  const end = at + text.length;
  let from = at;
  for (const link of links) {
    if (link.to <= from || link.from >= end) continue;
    if (link.from > from) yield { text: text.slice(from - at, link.from - at) };
    const to = Math.min(link.to, end);
    yield { text: text.slice(Math.max(link.from, from) - at, to - at), href: link.href };
    from = to;
  }
  if (from < end) yield { text: text.slice(from - at) };
}
