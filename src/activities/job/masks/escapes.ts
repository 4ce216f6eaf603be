const ESCAPED: Readonly<Record<string, string>> = { '%25': '%', '%0A': '\n', '%0D': '\r' };

/** Returns a value as one line, as GitHub's commands escape it. */
export function escaped(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Returns what a line may mean: as GitHub's commands escape it, and as it stands where somebody has not escaped it. */
export function meanings(line: string): readonly string[] {
  const decoded = line.replace(/%(?:25|0A|0D)/gi, (code) => ESCAPED[code.toUpperCase()] ?? code);
  return decoded === line ? [line] : [decoded, line];
}
