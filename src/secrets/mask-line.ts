import type { Mask } from './mask.js';
import { maskData, maskText } from './mask-values.js';

/**
 * Returns a line of JSON with the secrets hidden in its texts. What is a name or a number in it stays, so that it is still JSON.
 * Most lines hold none and are returned as they are.
 */
export function maskLine(line: string, mask: Mask): string {
  const hide = (text: string) => maskText(text, mask);
  if (hide(line) === line) return line;
  try {
    return `${JSON.stringify(maskData(JSON.parse(line), hide))}\n`;
  } catch {
    return hide(line);
  }
}
