import { splitAtCommas } from './pattern-problems.js';

/**
 * Returns why the name of a label hardly means what it says, in words that follow it: labels are compared as they are. One may be called
 * so all the same. Undefined where it is plain.
 */
export function doubtOfLabel(label: string): string | undefined {
  if (label.startsWith('!') || /\*|\{[^{}]*,[^{}]*\}/.test(label))
    return 'is taken for a label of that very name: patterns and "!" are for other options';
  const names = splitAtCommas(label);
  if (names.length < 2) return undefined;
  const meant = names.map((name) => JSON.stringify(name)).join(', ');
  return `is taken for one label, with the comma in its name; did you mean ${meant}?`;
}
