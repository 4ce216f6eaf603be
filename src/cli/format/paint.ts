import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const colours = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

/** Colours a text where the output is a terminal that wants colours. */
export function paint(style: Style, text: string): string {
  return colours ? styleText(style, text) : text;
}

/** Prints a line on standard output. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Returns text from outside without what would control a terminal: escape sequences, carriage returns, bells, characters
 * that change the direction of writing.
 */
export function harmless(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (c) => (c === '\t' ? c : ''));
}
