/**
 * Returns a list without what repeats the one before it. A status may be written twice: what is noted while another report is under way is
 * written after it too, and one whose answer comes late is sent again.
 */
export function changes<T>(list: readonly T[]): T[] {
  return list.filter((one, index) => index === 0 || one !== list[index - 1]);
}
