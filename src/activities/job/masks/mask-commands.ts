import type { LineCommands } from '../lines.js';
import { meanings } from './escapes.js';
import type { JobMask } from './job-mask.js';

/** A line that tells a value to be hidden, as GitHub's runner takes it: with properties or without. */
const COMMAND = /::add-mask(?: [^:]{0,200})?::/i;

/**
 * Returns what takes lines `::add-mask::<value>` out of the output of a job's steps: the value is hidden from then on, and the line
 * itself never shows it, also where it only quotes such a line.
 */
export function maskCommands({ hide, learn }: Pick<JobMask, 'hide' | 'learn'>): LineCommands {
  return {
    mayBeIn: (text) => text.includes('::') && COMMAND.test(text),
    take(line) {
      const { 0: command = '', index = 0 } = COMMAND.exec(line) ?? {};
      if (command === '') return undefined;
      const before = line.slice(0, index);
      const value = line.slice(index + command.length).replace(/\r$/, '');
      const shown = `${hide(before + command)}***`;
      if (before.trim() !== '' || value === '') return shown;
      const [because] = meanings(value).flatMap((one) => learn(one) ?? []);
      return because === undefined ? shown : `${shown} is not hidden in what follows: ${because}`;
    },
  };
}
