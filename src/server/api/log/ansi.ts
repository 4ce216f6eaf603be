import type { LogPiece } from '../contract/logs.js';
import { type Look, lookAfter, PLAIN, styleOf } from './ansi-style.js';

/** Of a colour's codes, in characters: longer ones are none. */
const MAX_CODES = 64;
/** Of a link, in characters. */
const MAX_LINK = 2_000;
/** Of one line: what comes after so many pieces is plain. */
const MAX_PIECES = 250;
const ESC = '\u001b';
/** Anything but a tab that terminals don't print. */
const CONTROL = /[^\P{Cc}\t]/u;

/**
 * Returns a line as terminals show it, in pieces that look alike; undefined where it holds no control characters. What comes after a
 * carriage return, or after a line was erased, takes the place of what was before. Moves of the cursor are left out. Each character is
 * looked at a few times, whatever they are: anybody's output is read so.
 */
export function piecesOf(line: string): readonly LogPiece[] | undefined {
  if (!CONTROL.test(line)) return undefined;
  let pieces: (LogPiece & { text: string })[] = [];
  // Colours and links hold on where the text is erased.
  let [look, style, codes]: [Look, string | undefined, string] = [PLAIN, undefined, '0'];
  let href: string | undefined;
  let returned = false;
  const erase = () => {
    pieces = [];
    returned = false;
  };
  const add = (text: string) => {
    const isPlain = pieces.length >= MAX_PIECES;
    const [as, to] = isPlain ? [] : [style, href];
    const before = pieces.at(-1);
    if (before && before.style === as && before.href === to) before.text += text;
    else pieces.push({ text, ...(as !== undefined && { style: as }), ...(to !== undefined && { href: to }) });
  };
  for (const token of tokensOf(line)) {
    if (token.kind === 'text') {
      if (returned) erase();
      add(token.text);
    } else if (token.kind === 'return') returned = true;
    else if (token.kind === 'link') href = token.href === '' ? undefined : token.href;
    else if (token.final === 'm' && token.codes.length <= MAX_CODES) {
      // Said twice, they change nothing more.
      if (token.codes === codes) continue;
      codes = token.codes;
      look = lookAfter(look, codes);
      style = styleOf(look);
    } else if (token.final === 'G' && /^[01]?$/.test(token.codes)) returned = true;
    else if (token.final === 'K' && (/^[12]$/.test(token.codes) || returned)) erase();
  }
  return pieces;
}

/** Returns a line's text as terminals show it, without its looks. */
export function seenText(line: string): string {
  const pieces = piecesOf(line);
  return pieces ? pieces.map(({ text }) => text).join('') : line;
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
