/** Colours and decorations that hold on from one piece of output to the next. */
export interface Look {
  /** Of 256: the 16 named colours, and the others. Undefined for that of the page. */
  readonly text: number | undefined;
  readonly ground: number | undefined;
  /** Codes of decorations, of which each is there once however often it was set. */
  readonly on: ReadonlySet<number>;
}

/** What output looks like before any code. */
export const PLAIN: Look = { text: undefined, ground: undefined, on: new Set() };

const DECORATIONS: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'faint',
  3: 'italic',
  4: 'underline',
  9: 'struck',
};
const INVERSE = 7;
/** What codes end, as terminals have it. */
const ENDED: Readonly<Record<number, readonly number[]>> = {
  21: [1],
  22: [1, 2],
  23: [3],
  24: [4],
  27: [INVERSE],
  29: [9],
};
/** What red, green and blue are in the 216 colours. */
const LEVELS = [0, 95, 135, 175, 215, 255];

/**
 * Returns a look as colour codes change it: `1;31`, and the forms with colons, `38:5:9`. What is unknown changes nothing, and nor does the
 * colour of a line below a text, `58;5;9`.
 */
export function lookAfter(look: Look, codes: string): Look {
  const numbers = (/[^\d;]/.test(codes) ? plainCodes(codes) : codes).split(';').map(Number);
  let { text, ground } = look;
  let on = new Set(look.on);
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at] ?? 0;
    if (code === 0) [text, ground, on] = [undefined, undefined, new Set()];
    else if (code === 38 || code === 48) {
      const { colour, length } = colourOf(numbers.slice(at + 1));
      if (colour !== undefined && code === 38) text = colour;
      else if (colour !== undefined) ground = colour;
      at += length;
    } else if (code === 58) at += colourOf(numbers.slice(at + 1)).length;
    else if (code === 39) text = undefined;
    else if (code === 49) ground = undefined;
    else if (code >= 30 && code < 38) text = code - 30;
    else if (code >= 40 && code < 48) ground = code - 40;
    else if (code >= 90 && code < 98) text = code - 82;
    else if (code >= 100 && code < 108) ground = code - 92;
    else if (code === INVERSE || code in DECORATIONS) on.add(code);
    else for (const ended of ENDED[code] ?? []) on.delete(ended);
  }
  return { text, ground, on };
}

/** The forms with colons say the same as those with semicolons: `38:2::255:0:0`, `38:5:9`, `4:3`. */
function plainCodes(codes: string): string {
  return codes
    .replace(/([34]8):2:(?:\d*:)?(\d+):(\d+):(\d+)/g, '$1;2;$2;$3;$4')
    .replace(/([34]8):5:(\d+)/g, '$1;5;$2')
    .replace(/\b4:0\b/g, '24')
    .replace(/:\d*/g, '')
    .replace(/[^\d;]/g, '');
}

/** Returns the colour that the numbers after 38 or 48 say, and how many of them say it. */
function colourOf([mode, ...rest]: readonly number[]): { readonly colour?: number; readonly length: number } {
  const isByte = (value: number | undefined) => value !== undefined && value <= 255;
  if (mode === 5 && rest.length >= 1) return { ...(isByte(rest[0]) && { colour: rest[0] }), length: 2 };
  if (mode !== 2 || rest.length < 3) return { length: 1 };
  const [r = 0, g = 0, b = 0] = rest;
  return { ...([r, g, b].every(isByte) && { colour: nearest(r, g, b) }), length: 4 };
}

/**
 * Returns the classes of the page's style sheet for a look; undefined for plain text. The 16 named colours are `c0` to `c15` and, behind
 * a text, `k0` to `k15`. The others are `x` with `r`, `g` and `b` 0 to 5, or with `w` 0 to 23 for a grey; behind a text, these letters
 * are capitals, and `y` goes with them. What is inverse and has no colour is `inverse`.
 */
export function styleOf({ text, ground, on }: Look): string | undefined {
  const [front, behind] = on.has(INVERSE) ? [ground, text] : [text, ground];
  const classes = [
    front === undefined ? undefined : colourClasses(front, 'text'),
    behind === undefined ? undefined : colourClasses(behind, 'ground'),
    front === undefined && behind === undefined && on.has(INVERSE) ? 'inverse' : undefined,
    ...[...on].map((code) => DECORATIONS[code]),
  ].filter((one) => one !== undefined);
  return classes.length > 0 ? classes.join(' ') : undefined;
}

function colourClasses(colour: number, of: 'text' | 'ground'): string {
  if (colour < 16) return `${of === 'text' ? 'c' : 'k'}${colour}`;
  const cube = colour - 16;
  const classes =
    colour >= 232 ? `x w${colour - 232}` : `x r${Math.floor(cube / 36)} g${Math.floor(cube / 6) % 6} b${cube % 6}`;
  return of === 'text' ? classes : classes.toUpperCase().replace('X', 'y');
}

/** Returns the number of that of the 240 colours which is nearest to a true colour. */
function nearest(r: number, g: number, b: number): number {
  const far = (one: readonly [number, number, number]) => (one[0] - r) ** 2 + (one[1] - g) ** 2 + (one[2] - b) ** 2;
  const grey = Math.max(0, Math.min(23, Math.round(((r + g + b) / 3 - 8) / 10)));
  const level = (value: number) =>
    LEVELS.reduce((best, one, at) => (Math.abs(one - value) < Math.abs((LEVELS[best] ?? 0) - value) ? at : best), 0);
  const [cr, cg, cb] = [level(r), level(g), level(b)];
  const inCube = far([LEVELS[cr] ?? 0, LEVELS[cg] ?? 0, LEVELS[cb] ?? 0]);
  const inGrey = far([8 + grey * 10, 8 + grey * 10, 8 + grey * 10]);
  return inGrey < inCube ? 232 + grey : 16 + 36 * cr + 6 * cg + cb;
}
