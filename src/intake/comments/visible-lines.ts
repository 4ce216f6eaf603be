import MarkdownIt, { type Env, type Token } from 'markdown-it';
import { afterBlanks } from './blanks.js';
import { createHidingHtml, type HidingHtml } from './hiding-html.js';
import type { Piece } from './piece.js';
import { quotedMailIn } from './quoted-mail.js';

/**
 * CommonMark with the tables and struck-out text that all providers know. Emphasis is left as it is written: it hides
 * nothing, and a command's words may hold stars. Inline text is parsed here, and only where something depends on it.
 */
const markdown = new MarkdownIt('default', { html: true, linkify: false, typographer: false });
markdown.disable(['inline', 'emphasis', 'text_join']);

/** The beginning of a footnote, whose text stands elsewhere or nowhere. Lines after it belong to it as to a quote. */
const FOOTNOTE = /^ {0,3}\[\^[^\]\s]{1,100}\]:/;
/** What its further lines begin with. */
const IN_FOOTNOTE = /^ {0,3}\t|^ {4}/;
/** What ends a footnote as it ends a paragraph, and may hold what is indented as far itself. */
const LIST_ITEM = /^ {0,3}(?:[-*+]|1[.)])\s+\S/;
/** A line between two of which GitLab quotes, also in a list. The first may say that it is an alert, and of what kind. */
const GITLAB_QUOTE = /^(?:(?:[-*+]|\d{1,9}[.)])\s+)*(>{3,})(?:\s*\[!\w+\].*)?$/;
/** What GitLab shows as code if a comment begins with it: settings, which other systems put above a page. */
const FRONT_MATTER = /^\s*(---|\+\+\+|;;;)[^\n]*\n(?:[^\n]*\n)*?\1[^\S\n]*(?:\n|$)/;
/** What is struck out by single tildes, and formulas, as GitHub and GitLab know them, in one paragraph. */
const SPANS = [
  /(?<!~)~(?![~\s])[^~]*(?<!\s)~(?!~)/g,
  /\$\$[^$]*\$\$/g,
  /(?<![\w$])\$(?![\s$])[^$]*(?<!\s)\$(?![\d$])/g,
] as const;
const CONTAINERS: readonly string[] = ['blockquote', 'list_item', 'td', 'th'];

/**
 * Returns the lines of a comment that its reader sees as plain text from their beginning on, in the words that are shown.
 * Where the comment was cut, its last block does not count: what hides a part of it may have been cut off.
 */
export function visibleLines(body: string, { cut }: { cut: boolean }): string[] {
  // The parser shows NUL as another character, which nobody could tell from one that was written.
  const source = body.replace(/\0/g, '\u0001').replace(/\r\n?/g, '\n');
  const lines = plainLines(source, { cut });
  if (!source.includes('[^')) return lines;
  // Not all providers know footnotes: what is hidden with them or without counts as hidden.
  return inBoth(plainLines(withQuotedFootnotes(source), { cut }), lines);
}

/** A mark that leads to a footnote. Where footnotes are not known it may be a link, which shows no brackets. */
const FOOTNOTE_MARK = /\[(\^[^\]\s]{1,100})\]/g;

/** Returns the lines that both lists have, each as often as the list that has it less often, as the first has them. */
function inBoth(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  const keyOf = (line: string) => line.replace(FOOTNOTE_MARK, '$1');
  for (const key of others.map(keyOf)) left.set(key, (left.get(key) ?? 0) + 1);
  return lines.filter((line) => {
    const key = keyOf(line);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count > 0;
  });
}

function plainLines(source: string, { cut }: { cut: boolean }): string[] {
  const pieces = piecesOf(source, { cut });
  const all = pieces.slice(0, quotedMailIn(pieces));
  const between = marked(all);
  return all.flatMap((piece, at) => (piece.kind === 'line' && piece.isPlain && !between.has(at) ? [piece.text] : []));
}

function withQuotedFootnotes(source: string): string {
  let isFootnote = false;
  let isBlank = false;
  const lines = source.split('\n').map((line) => {
    const begins = FOOTNOTE.test(line);
    const goesOn = isFootnote && IN_FOOTNOTE.test(line);
    const isLazy = !isBlank && !LIST_ITEM.test(line);
    isFootnote = begins || goesOn || (isFootnote && (isLazy || line.trim() === ''));
    isBlank = line.trim() === '';
    return begins ? line.replace(FOOTNOTE, '> ') : goesOn ? line.replace(IN_FOOTNOTE, '> ') : line;
  });
  return lines.join('\n');
}

function piecesOf(source: string, { cut }: { cut: boolean }): Piece[] {
  const lines = source.split('\n');
  const env = {};
  const tokens = markdown.parse(source, env);
  const matter = (FRONT_MATTER.exec(source)?.[0] ?? '').split('\n').length - 1;
  const html = createHidingHtml();
  const pieces: Piece[] = [];
  const closings: (() => void)[] = [];
  let quotes = 0;
  let isCommented = false;
  const end = cut ? tokens.findLastIndex((token) => token.level === 0 && token.nesting >= 0) : tokens.length;
  for (const [at, token] of tokens.slice(0, end).entries()) {
    const container = token.type.replace(/_(?:open|close)$/, '');
    if (CONTAINERS.includes(container)) {
      if (token.nesting > 0) closings.push(html.mark());
      else closings.pop()?.();
    }
    if (token.type === 'table_open' || token.type === 'blockquote_open') {
      const mark = GITLAB_QUOTE.exec(lineOf(lines, token))?.[1];
      if (quotes === 0) pieces.push(mark === undefined ? { kind: 'quote' } : { kind: 'mark', mark });
      quotes += 1;
    } else if (token.type === 'table_close' || token.type === 'blockquote_close') quotes -= 1;
    else if (token.type === 'html_block') html.read(token.content);
    else if (token.type === 'inline') {
      // A list item's first line begins with the item's mark, which may stand alone above it.
      const isItem = tokens[at - 2]?.type === 'list_item_open';
      const beginsLine = !isItem && afterBlanks(lineOf(lines, token)).startsWith('/');
      for (const line of inlineLines(token, { env, html, beginsLine })) {
        if (quotes > 0) continue;
        const isPlain = line.isPlain && !isCommented && (token.map?.[0] ?? 0) >= matter;
        isCommented = isCommentOpen(line.uncoded, isCommented);
        const mark = markOf(line.text);
        pieces.push(mark === undefined ? { kind: 'line', text: line.text, isPlain } : { kind: 'mark', mark });
      }
    }
  }
  return pieces;
}

function lineOf(lines: readonly string[], { map }: Token): string {
  return (lines[map?.[0] ?? -1] ?? '').trim();
}

/** Returns which mark a line is: of a formula (`$$`, or `\[` to `\]`), or of a drawing (`::: mermaid` to `:::`). */
function markOf(line: string): string | undefined {
  const found = /^(?:\\?([[\]])|\$\$)$|^:::/.exec(line.trim());
  return found?.[1] ?? found?.[0];
}

/** Returns whether a comment goes on after a line. One that a blank line interrupts is shown, but was meant as one. */
function isCommentOpen(line: string, isOpen: boolean): boolean {
  const [begin, end] = [line.lastIndexOf('<!--'), line.lastIndexOf('-->')];
  return begin < 0 && end < 0 ? isOpen : begin > end;
}

interface Line {
  readonly text: string;
  /** The text without inline code. */
  readonly uncoded: string;
  readonly isPlain: boolean;
}

/** Returns the lines of a paragraph as they are shown, without what its HTML hides. */
function inlineLines(
  { content }: Token,
  { env, html, beginsLine }: { env: Env; html: HidingHtml; beginsLine: boolean },
): Line[] {
  if (!/[/<]/.test(content)) return content.split('\n').map((text) => ({ text, uncoded: text, isPlain: false }));
  const children: Token[] = [];
  markdown.inline.parse(content, markdown, env, children);
  const lines: Line[] = [];
  let text = '';
  let uncoded = '';
  /** Not known before the line's first token. */
  let isPlain: boolean | undefined = beginsLine ? undefined : false;
  let depth = 0;
  let struck = 0;
  for (const child of children) {
    switch (child.type) {
      case 'softbreak':
      case 'hardbreak':
        lines.push({ text, uncoded, isPlain: isPlain === true });
        text = '';
        uncoded = '';
        isPlain = undefined;
        continue;
      case 'html_inline':
        html.read(child.content);
        break;
      case 'image':
        break;
      default:
        text += child.content;
        if (child.type === 'text') uncoded += child.content;
    }
    depth += child.nesting;
    if (child.tag === 's') struck += child.nesting;
    if (child.type !== 'text' || afterBlanks(text) !== '')
      isPlain ??= child.type === 'text' && depth === 0 && !html.isOpen();
    // Words of a command that are not shown, or struck out, would be carried out too.
    if (child.content !== '' && child.type !== 'html_inline' && (struck > 0 || html.isOpen())) isPlain = false;
  }
  lines.push({ text, uncoded, isPlain: isPlain === true });
  return withoutSpans(lines);
}

/** Returns the lines of a paragraph, of which those that begin within a formula or struck-out text are not plain. */
function withoutSpans(lines: readonly Line[]): Line[] {
  const paragraph = lines.map(({ uncoded }) => uncoded).join('\n');
  const spans = SPANS.flatMap((span) => [...paragraph.matchAll(span)]);
  let begin = 0;
  return lines.map((line) => {
    const at = begin;
    begin += line.uncoded.length + 1;
    const isWithin = spans.some(({ index, 0: { length } }) => index < at && at < index + length);
    return isWithin ? { ...line, isPlain: false } : line;
  });
}

/** Returns the indices of the pieces between two marks of a kind. A mark without another one marks nothing. */
function marked(pieces: readonly Piece[]): Set<number> {
  const between = new Set<number>();
  const open = new Map<string, number>();
  function pair(mark: string, at: number): void {
    const begin = open.get(mark);
    open.delete(mark);
    if (begin !== undefined) for (let index = begin; index < at; index += 1) between.add(index);
    else if (mark !== ']') open.set(mark, at);
  }
  for (const [at, piece] of pieces.entries()) {
    if (piece.kind !== 'mark') continue;
    // Of brackets, only this one begins something.
    if (piece.mark === '[') open.set(']', open.get(']') ?? at);
    else for (const mark of kindsOf(piece.mark)) pair(mark, at);
  }
  return between;
}

/**
 * Versions of GitLab differ in whether a longer mark ends what a shorter one began: a quote is what lies between two of a length, and what
 * lies between two of any.
 */
function kindsOf(mark: string): readonly string[] {
  return mark.startsWith('>>>') ? [mark, 'of any length'] : [mark];
}
