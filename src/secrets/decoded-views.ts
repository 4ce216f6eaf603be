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
  /** Returns what a token stands for, each character with how much of the token stands for it. */
  read(token: string): readonly Part[];
}

type Part = readonly [character: string, length: number];

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
    if (token.startsWith("'")) return [["'", token.length]];
    if (/^\\u/i.test(token)) return [[String.fromCharCode(Number.parseInt(token.slice(2), 16)), token.length]];
    if (!/^\\[x\d]/i.test(token)) return [[token.slice(1), token.length]];
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
    return [[NAMES[name] ?? String.fromCodePoint(Math.min(point, LAST_CODE_POINT)), token.length]];
  },
};

/**
 * Returns where `find` finds something in a text, as it is written and as it is read: without colours, and where URLs, JSON, programming
 * languages, shells or HTML have written characters otherwise. No two programs choose the same ones for that, so that the spellings of a
 * secret can't be listed.
 */
export function findDecoded(text: string, find: (text: string) => readonly Span[]): readonly Span[] {
  const found = [...find(text)];
  const look = ({ text: read, starts, ends }: View) => {
    for (const { start, end } of find(read))
      found.push({ start: starts?.[start] ?? start, end: ends?.[end - 1] ?? end });
  };
  const plain = decoded({ text }, UNSEEN);
  if (plain) look(plain);
  for (const code of [IN_URL, ESCAPED, IN_HTML]) {
    let view = decoded(plain ?? { text }, code);
    for (let round = 1; view; round++) {
      look(view);
      // A form has it for a blank.
      if (code === IN_URL && round === 1 && view.text.includes('+'))
        look({ ...view, text: view.text.replaceAll('+', ' ') });
      view = round < code.rounds ? decoded(view, code) : undefined;
    }
  }
  return found;
}

/** Returns a view as one way of writing has it read; undefined where that changes nothing. */
function decoded(view: View, { sign, tokens, read }: Code): View | undefined {
  if (!sign.test(view.text)) return undefined;
  const { length } = view.text;
  const [starts, ends] = [new Uint32Array(length), new Uint32Array(length)];
  let text = '';
  let at = 0;
  const add = (characters: string, of: number) => {
    for (let i = 0; i < characters.length; i++) {
      starts[text.length + i] = view.starts?.[at] ?? at;
      ends[text.length + i] = view.ends?.[at + of - 1] ?? at + of;
    }
    text += characters;
    at += of;
  };
  const addUntil = (end: number) => {
    const begin = at;
    for (; at < end; at++) {
      starts[text.length + at - begin] = view.starts?.[at] ?? at;
      ends[text.length + at - begin] = view.ends?.[at] ?? at + 1;
    }
    text += view.text.slice(begin, end);
  };
  let isChanged = false;
  for (const { 0: token, index } of view.text.matchAll(tokens)) {
    isChanged = true;
    addUntil(index);
    for (const [character, of] of read(token)) add(character, of);
    at = index + token.length;
  }
  addUntil(length);
  return isChanged ? { text, starts, ends } : undefined;
}

/** Returns the characters that bytes are in UTF-8, or each by itself where they are none. `width`: of what stands for a byte. */
function charactersOf(bytes: Buffer, width: number): Part[] {
  if (!isUtf8(bytes)) return [...bytes.toString('latin1')].map((character) => [character, width]);
  return [...bytes.toString()].map((character) => [character, width * Buffer.byteLength(character)]);
}
