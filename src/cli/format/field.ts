import { paint } from './paint.js';

/** Formats a line `label  text` whose labels of 8 letters or less stand in a column. The text must be harmless already. */
export function field(label: string, text: string, style?: Parameters<typeof paint>[0]): string {
  const padded = label.padEnd(8);
  return `${style ? paint(style, padded) : padded}  ${text}`;
}
