/** Ends of lines, other controls, and marks that nobody sees or that turn round what stands after them. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** Returns a name that others have chosen as one line of what can be seen, cut to a number of characters. It may be empty. */
export function plainName(text: string, most: number): string {
  return text.replace(HIDDEN, ' ').trim().slice(0, most);
}
