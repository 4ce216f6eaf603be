/** The first `most` characters. Counts code points, so that the cut never halves one, and shows where it cut. */
export function cutTo(most: number, text: string): string {
  if (text.length <= most) return text;
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
