const PLAIN_CHOICE = /\{([^{}]*,[^{}]*)\}/g;

/**
 * Returns why the braces of a pattern hardly mean what they say, in words that follow it: a blank in them is a part of the names, and no
 * branch has one. Undefined where there is none.
 */
export function doubtOfBraces(pattern: string): string | undefined {
  const meant = pattern.replace(PLAIN_CHOICE, (_, choice: string) => {
    const texts = choice.split(',').map((text) => text.trim());
    return `{${texts.join(',')}}`;
  });
  if (meant === pattern) return undefined;
  return `has blanks in its braces, which are a part of the names there; did you mean ${JSON.stringify(meant)}?`;
}
