/** Returns the first line of why a run failed: what follows is the end of its output, where that was printed already. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
