/** How a piece of output looks, as `anser` reads it. */
interface Look {
  readonly fg: string | null;
  readonly bg: string | null;
  readonly fg_truecolor: string | null;
  readonly bg_truecolor: string | null;
  readonly decorations: readonly string[];
}

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const DECORATIONS: Readonly<Record<string, string>> = {
  bold: 'bold',
  dim: 'faint',
  italic: 'italic',
  underline: 'underline',
  strikethrough: 'struck',
};
/** What red, green and blue are in the 216 colours. */
const LEVELS = [0, 95, 135, 175, 215, 255];

/**
 * Returns the classes of the page's style sheet for a look; undefined for plain text. The 16 named colours are `c0` to `c15` and, behind
 * a text, `k0` to `k15`. The others are `x` with `r`, `g` and `b` 0 to 5, or with `w` 0 to 23 for a grey; behind a text, these letters
 * are capitals, and `y` goes with them.
 */
export function styleOf(look: Look): string | undefined {
  const classes = [
    colour(look.fg, look.fg_truecolor, 'text'),
    colour(look.bg, look.bg_truecolor, 'ground'),
    ...new Set(look.decorations.map((one) => DECORATIONS[one])),
  ].filter((one) => one !== undefined);
  return classes.length > 0 ? classes.join(' ') : undefined;
}

function colour(name: string | null, rgb: string | null, of: 'text' | 'ground'): string | undefined {
  const [, bright, named] = /^ansi-(bright-)?([a-z]+)$/.exec(name ?? '') ?? [];
  const index = NAMES.indexOf(named ?? '');
  if (index >= 0) return `${of === 'text' ? 'c' : 'k'}${index + (bright ? 8 : 0)}`;
  const [, palette] = /^ansi-palette-(\d+)$/.exec(name ?? '') ?? [];
  const number = palette === undefined ? nearest(name, rgb) : Number(palette);
  if (number === undefined || number < 16 || number > 255) return undefined;
  const cube = number - 16;
  const classes =
    number >= 232 ? `x w${number - 232}` : `x r${Math.floor(cube / 36)} g${Math.floor(cube / 6) % 6} b${cube % 6}`;
  return of === 'text' ? classes : classes.toUpperCase().replace('X', 'y');
}

/** Returns the number of that of the 240 colours which is nearest to a true colour. */
function nearest(name: string | null, rgb: string | null): number | undefined {
  const [r, g, b] = (rgb ?? '').split(',').map(Number);
  if (name !== 'ansi-truecolor' || r === undefined || g === undefined || b === undefined) return undefined;
  const far = (one: readonly [number, number, number]) => (one[0] - r) ** 2 + (one[1] - g) ** 2 + (one[2] - b) ** 2;
  const grey = Math.max(0, Math.min(23, Math.round(((r + g + b) / 3 - 8) / 10)));
  const level = (value: number) =>
    LEVELS.reduce((best, one, at) => (Math.abs(one - value) < Math.abs((LEVELS[best] ?? 0) - value) ? at : best), 0);
  const [cr, cg, cb] = [level(r), level(g), level(b)];
  const inCube = far([LEVELS[cr] ?? 0, LEVELS[cg] ?? 0, LEVELS[cb] ?? 0]);
  const inGrey = far([8 + grey * 10, 8 + grey * 10, 8 + grey * 10]);
  return inGrey < inCube ? 232 + grey : 16 + 36 * cr + 6 * cg + cb;
}
