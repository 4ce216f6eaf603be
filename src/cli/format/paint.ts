import { stripVTControlCharacters, styleText } from 'node:util';
import { maskKnown } from '../../secrets/mask.js';
import { maskText } from '../../secrets/mask-values.js';
import { typedHere } from './called-here.js';
import { withoutControls } from './control-characters.js';

type Style = Parameters<typeof styleText>[0];

const colours = process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

/** Colours a text where the output is a terminal that wants colours. */
export function paint(style: Style, text: string): string {
  return colours ? styleText(style, text) : text;
}

/**
 * Prints a line, or several, on standard output. Nothing in it controls the terminal but what {@link paint} adds, and no secret of
 * the configuration is in it.
 */
export function print(text = ''): void {
  process.stdout.write(`${withoutControls(maskText(text, maskKnown))}\n`);
}

/** Prints a line, or several, on standard error, without the secrets of the configuration; commands in it can be typed here. */
export function complain(text: string): void {
  process.stderr.write(`${maskText(typedHere(text), maskKnown).split('\n').map(harmless).join('\n')}\n`);
}

/**
 * Returns text from outside, in one line, without what would control a terminal: escape sequences, carriage returns,
 * bells, characters that change the direction of writing.
 */
export function harmless(text: string): string {
  // What is left around a sequence that was taken out, or an end of line, may be one that sets colours.
  return withoutControls(stripVTControlCharacters(text).replaceAll('\n', '').replaceAll('\u001b', ''));
}
