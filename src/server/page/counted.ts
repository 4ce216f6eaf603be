/** Returns how many there are of something, in words: `1 line`, `2 lines`. `many`: what several are called, if not by an `s` at the end. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
