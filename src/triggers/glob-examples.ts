import { included } from './glob.js';

/** Alternatives that follow each other multiply. */
const MOST = 20;

/** Returns texts that a glob matches: of each of its alternatives one, 20 at most. None where none could be made. */
export function examplesOf(glob: string): string[] {
  return [...new Set(alternatives(glob).map(filledIn))].filter((text) => included(text, [glob]));
}

/** Returns a glob once for each choice of its braces and groups, without them: the innermost first. */
function alternatives(glob: string): string[] {
  let made = [glob];
  for (;;) {
    const next = made.flatMap(choices).slice(0, MOST);
    if (next.length === made.length && next.every((one, i) => one === made[i])) return made;
    made = next;
  }
}

function choices(glob: string): string[] {
  const found = /\{([^{}]*[^{}\\])\}|[?*+@!]?\(([^()]*)\)/.exec(glob);
  if (!found) return [glob];
  const [whole, braces, group] = found;
  const texts = group === undefined ? (braces?.split(/,|\.\..*/) ?? []) : group.split('|');
  const before = glob.slice(0, found.index);
  const after = glob.slice(found.index + whole.length);
  // What is none of them: hardly one is called so.
  return (whole.startsWith('!') ? ['x'] : texts).map((text) => `${before}${text}${after}`);
}

function filledIn(glob: string): string {
  return glob
    .replace(/(?<!\\)\[[!^][^\]]*\]/g, 'x')
    .replace(/(?<!\\)\[(.)[^\]]*\]\+?/g, '$1')
    .replace(/(?<!\\)\*+/g, 'x')
    .replace(/(?<!\\)\?/g, 'x')
    .replace(/\\(.)/g, '$1');
}
