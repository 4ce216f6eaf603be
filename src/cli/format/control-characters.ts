/**
 * Control characters, those of C1 too, which some terminals obey as they do escape sequences; the marks that change the
 * direction of writing; and Unicode's own ends of lines.
 */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;
const ESCAPE = '\u001b';

/** Returns text without control characters, but for tabs, ends of lines, and the sequences that set colours. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, (control, at: number) => {
    const stays = control === '\t' || control === '\n' || (control === ESCAPE && /^\[[\d;]*m/.test(text.slice(at + 1)));
    return stays ? control : '';
  });
}

/**
 * Returns a value as JSON in which those characters are escaped, so that a terminal shows them and obeys none. It is the
 * same value to whatever parses it. `indent`: blanks for each level; without it, all is one line.
 */
export function jsonText(value: unknown, indent?: number): string {
  return escapedJson(JSON.stringify(value, null, indent));
}

/** Returns JSON as it is, but for those characters, which are escaped as {@link jsonText} does. */
export function escapedJson(text: string): string {
  // What JSON itself does not escape; the ends of lines, and tabs, are those between its values.
  return text.replace(CONTROLS, (control) => (/[\t\r\n]/.test(control) ? control : escaped(control)));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
