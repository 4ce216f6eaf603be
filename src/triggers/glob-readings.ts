const CHOICE = /\{([^{}]*,[^{}]*)\}/;
/** Braces after braces multiply. */
const MAX_READINGS = 50;

/**
 * Returns the globs that one with choices in braces stands for; the glob alone where it has none, has too many, or holds
 * classes, groups, escapes or ranges: in these, commas divide no texts.
 */
export function readings(glob: string): readonly string[] {
  if (/[\\[\]()|]|\}\+|\{[^{}]*\.\.[^{}]*\}/.test(glob)) return [glob];
  let made = [glob];
  for (;;) {
    const next = made.flatMap(withEachChoice);
    if (next.length === made.length) return [...new Set(made)];
    if (next.length > MAX_READINGS) return [glob];
    made = next;
  }
}

function withEachChoice(glob: string): string[] {
  const found = CHOICE.exec(glob);
  if (!found) return [glob];
  const [before, after] = [glob.slice(0, found.index), glob.slice(found.index + found[0].length)];
  return (found[1] ?? '').split(',').map((text) => `${before}${text}${after}`);
}
