/** How wide the characters from the blank to `~` are in Verdana at 11 px, in tenths of a pixel. */
const WIDTHS = [
  ...[39, 43, 50, 90, 70, 118, 80, 30, 50, 50, 70, 90, 40, 50, 40, 50, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 50, 50],
  ...[90, 90, 90, 60, 110, 75, 75, 77, 85, 70, 63, 85, 83, 46, 50, 76, 61, 93, 82, 87, 66, 87, 76, 75, 68, 81, 75],
  ...[109, 75, 68, 75, 50, 50, 50, 90, 70, 70, 66, 69, 57, 69, 66, 39, 69, 70, 30, 38, 65, 30, 107, 70, 67, 69, 69],
  ...[47, 57, 43, 70, 65, 90, 65, 65, 58, 70, 50, 70, 90],
];
/** Of letters with marks and of other alphabets, about. */
const OTHER = 72;
/** Of Chinese, Japanese and Korean characters and of pictures. */
const WIDE = 110;
const BLANK = ' '.charCodeAt(0);

/** Returns about how wide a text is in Verdana at 11 px, in pixels. Other fonts are stretched to that. */
export function textWidth(text: string): number {
  const tenths = [...text].reduce((sum, character) => sum + widthOf(character), 0);
  return Math.ceil(tenths / 10);
}

function widthOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  const known = WIDTHS[(character.codePointAt(0) ?? 0) - BLANK];
  if (known !== undefined) return known;
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\uff01-\uff60]/u.test(
    character,
  )
    ? WIDE
    : OTHER;
}
