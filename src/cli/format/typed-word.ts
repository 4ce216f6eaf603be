import { shellWord } from '../../runs/shell-word.js';
import { harmless } from './paint.js';

/** Returns a text as a word of a command that is shown in a terminal, to be typed again: as one word, and without what controls it. */
export function typedWord(text: string): string {
  return shellWord(harmless(text));
}
