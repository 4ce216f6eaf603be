import { isUtf8 } from 'node:buffer';
import type { Span } from './text-finder.js';

/** A text as who decodes it reads it, and of each of its characters where it begins and ends in what is written; without these it is that. */
interface View {
  readonly text: string;
  readonly starts?: Uint32Array;
  readonly ends?: Uint32Array;
}

/** One way of writing characters. */
interface Code {
  /** Whether a text may hold any. Has to be quick: most texts hold none. */
  readonly sign: RegExp;
  readonly tokens: RegExp;
  /** How often a text is read that is written within another in this way. Each takes as long as the first. */
  readonly rounds: number;
  /** Returns what a token stands for; undefined for one that only looks like one. */
  read(token: string): readonly Part[] | undefined;
  /** Returns the text of that alone, where there is a quicker way. */
  text?(token: string): string | undefined;
}

/** Characters, from where on a token stands for them, and how much of it for each. */
type Part = readonly [characters: string, start: number, width: number];

/** What terminals obey and do not show, colours for example; and what UTF-16 has between letters. */
const UNSEEN: Code = {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  sign: /[\u001b\0]/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  tokens: /\u001b\[[\d;:?]{0,40}[A-Za-z]|\u001b\][^\u0007\u001b]{0,2000}(?:\u0007|\u001b\\)|\0/g,
  rounds: 1,
  read: () => [],
};

const IN_URL: Code = {
  sign: /%[\da-f]{2}/i,
  tokens: /(?:%[\da-f]{2})+/gi,
  rounds: 2,
  read: (token) => charactersOf(Buffer.from(token.replaceAll('%', ''), 'hex'), '%41'.length),
};

/**
 * As JSON, programming languages and shells do: `\u002B`, `\x2b`, `\053`, `\"`. Within what they quote, shells have `'\''` and `'"'"'` for
 * what would end it.
 */
const ESCAPED: Code = {
  sign: /\\|'"'"'/,
  tokens: /'\\''|'"'"'|\\u[\da-f]{4}|(?:\\x[\da-f]{2}|\\[0-3][0-7]{2})+|\\[^\w\r\n]/gi,
  rounds: 3,
  read(token) {
    if (token.startsWith("'")) return [["'", 0, token.length]];
    if (/^\\u/i.test(token)) return [[String.fromCharCode(Number.parseInt(token.slice(2), 16)), 0, token.length]];
    if (!/^\\[x\d]/i.test(token)) return [[token.slice(1), 0, token.length]];
    const codes = token.split('\\').slice(1);
    const bytes = codes.map((code) =>
      /^x/i.test(code) ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8),
    );
    return charactersOf(Buffer.from(bytes), '\\x41'.length);
  },
};

const NAMES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const LAST_CODE_POINT = 0x10ffff;

const IN_HTML: Code = {
  sign: /&[#\w]/,
  tokens: /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});/gi,
  rounds: 2,
  read(token) {
    const name = token.slice(1, -1).toLowerCase();
    const point = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    const text = NAMES[name] ?? String.fromCodePoint(Math.min(point, LAST_CODE_POINT));
    return [[text, 0, token.length / text.length]];
  },
};

/** Base64 of what is text, base64 for example, or UTF-16. What is written in it once, in UTF-8, is found without. */
const IN_BASE64: Code = {
  sign: /[A-Za-z0-9+/_-]{12}/,
  tokens: /[A-Za-z0-9+/_-]{12,}/g,
  rounds: 2,
  read(token) {
    const bytes = Buffer.from(token, 'base64');
    // Of any bytes so many are hardly ever text.
    if (!isUtf8(bytes)) return undefined;
    const parts = charactersOf(bytes, 4 / 3);
    return bytes.includes(0) ? parts.flatMap(withoutNul) : parts;
  },
  text(token) {
    const bytes = Buffer.from(token, 'base64');
    return isUtf8(bytes) ? bytes.toString().replaceAll('\0', '') : undefined;
  },
};

/**
 * Returns where `find` finds something in a text, as it is written and as it is read: without colours, and where URLs, JSON, programming
 * languages, shells or HTML have written characters otherwise. No two programs choose the same ones for that, so that the spellings of a
 * secret can't be listed.
 */
export function findDecoded(text: string, find: (text: string) => readonly Span[]): readonly Span[] {
  const found = [...find(text)];
  // Nearly all lines hold nothing in any spelling: where what would be is made only for those that do.
  for (const { text: read } of views({ text }, readAs))
    if (find(read).length > 0) return [...found, ...within(text, find)];
  return found;
}

function within(text: string, find: (text: string) => readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const { text: read, starts, ends } of views({ text }, decoded))
    for (const { start, end } of find(read))
      found.push({ start: starts?.[start] ?? start, end: ends?.[end - 1] ?? end });
  return found;
}

/** Yields how else a text may be read, as `read` reads what is written in one way. */
function* views(written: View, read: (view: View, code: Code) => View | undefined): Generator<View> {
  const plain = read(written, UNSEEN);
  if (plain) yield plain;
  for (const code of [IN_URL, ESCAPED, IN_HTML, IN_BASE64]) {
    let view = read(plain ?? written, code);
    for (let round = 1; view; round++) {
      yield view;
      // A form has it for a blank.
      if (code === IN_URL && round === 1 && view.text.includes('+'))
        yield { ...view, text: view.text.replaceAll('+', ' ') };
      view = round < code.rounds ? read(view, code) : undefined;
    }
  }
}

/** Returns what {@link decoded} does, without where its characters are written. */
function readAs({ text }: View, { sign, tokens, ...code }: Code): View | undefined {
  if (!sign.test(text)) return undefined;
  let isChanged = false;
  const whole = text.replace(tokens, (token) => {
    const meant = code.text
      ? code.text(token)
      : code
          .read(token)
          ?.map(([characters]) => characters)
          .join('');
    if (meant === undefined) return token;
    isChanged = true;
    return meant;
  });
  return isChanged ? { text: whole } : undefined;
}

/** Returns a view as one way of writing has it read; undefined where that changes nothing. */
function decoded(view: View, { sign, tokens, read }: Code): View | undefined {
  if (!sign.test(view.text)) return undefined;
  const { length } = view.text;
  let [starts, ends] = [new Uint32Array(), new Uint32Array()];
  let text = '';
  let at = 0;
  const copyUntil = (to: number) => {
    for (let i = at; i < to; i++) {
      starts[text.length + i - at] = view.starts?.[i] ?? i;
      ends[text.length + i - at] = view.ends?.[i] ?? i + 1;
    }
    text += view.text.slice(at, to);
  };
  for (const { 0: token, index } of view.text.matchAll(tokens)) {
    const parts = read(token);
    if (parts === undefined) continue;
    if (starts.length === 0) [starts, ends] = [new Uint32Array(length), new Uint32Array(length)];
    copyUntil(index);
    for (const [characters, from, width] of parts) {
      for (let i = 0; i < characters.length; i++) {
        const start = index + Math.floor(from + i * width);
        const end = index + Math.ceil(from + (i + 1) * width);
        starts[text.length + i] = view.starts?.[start] ?? start;
        ends[text.length + i] = view.ends?.[end - 1] ?? end;
      }
      text += characters;
    }
    at = index + token.length;
  }
  if (starts.length === 0) return undefined;
  copyUntil(length);
  return { text, starts, ends };
}

/** Returns the characters that bytes are in UTF-8, or each by itself where they are none. `width`: of what stands for a byte. */
function charactersOf(bytes: Buffer, width: number): Part[] {
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  if (text.length === bytes.length) return [[text, 0, width]];
  let at = 0;
  return [...text].map((character) => {
    const [from, length] = [at, Buffer.byteLength(character)];
    at += length;
    return [character, from * width, (length * width) / character.length];
  });
}

function withoutNul([characters, start, width]: Part): Part[] {
  return [...characters].flatMap((one, i) => (one === '\0' ? [] : [[one, start + i * width, width] as const]));
}
