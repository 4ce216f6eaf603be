import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandsIn } from '../../../src/intake/comments/commands-in.js';

/** Lines of a comment in which a command is hidden or quoted, and what they can't be put into without ending it. */
interface Hidden {
  readonly lines: readonly string[];
  readonly holds: ReadonlySet<string>;
}

type Hider = (inside: Hidden) => Hidden;

const element = (name: string, attributes = ''): Hider => {
  return ({ lines, holds }) => ({
    lines: [`<${name}${attributes}>`, ...lines, `</${name}>`],
    holds: new Set([...holds, name]),
  });
};
const blank: Hider = ({ lines, holds }) => ({ lines: ['', ...lines, ''], holds });
const comment: Hider = ({ lines, holds }) => ({ lines: ['<!--', ...lines, '-->'], holds: new Set([...holds, '<!--']) });
const fence =
  (mark: string): Hider =>
  ({ lines, holds }) => {
    const longest = Math.max(2, ...lines.map((line) => new RegExp(`\\${mark}+`).exec(line)?.[0].length ?? 0));
    const marks = mark.repeat(longest + 1);
    return { lines: [marks, ...lines, marks], holds };
  };
const quote: Hider = ({ lines, holds }) => ({ lines: lines.map((line) => `> ${line}`), holds });
const list: Hider = ({ lines, holds }) => ({ lines: ['- x', '', ...lines.map((line) => `  ${line}`)], holds });

/** What hides or quotes whatever is in it, by a name. */
const HIDERS: Readonly<Record<string, Hider>> = {
  '<!--': comment,
  ...Object.fromEntries(
    ['pre', 'script', 'style', 'textarea', 'details', 'blockquote', 'template', 'code'].map((name) => [
      name,
      element(name),
    ]),
  ),
  hidden: element('div', ' hidden'),
  attributes: element('details', ' title="x"'),
  backticks: fence('`'),
  tildes: fence('~'),
  quote,
};
/** What may stand around it, and hides nothing by itself. */
const AROUND: Readonly<Record<string, Hider>> = { blank, list, quote };

/** Whether something may be put into another: the first end of a comment or a script is its end. */
const fits = (name: string, { holds }: Hidden) =>
  !(['<!--', 'script', 'style', 'textarea'].includes(name) && holds.has(name));

const names = fc.array(fc.constantFrom(...Object.keys(HIDERS), ...Object.keys(AROUND)), { maxLength: 3 });
const hidden = fc.tuple(fc.constantFrom(...Object.keys(HIDERS)), fc.boolean(), names).map(([first, spaced, around]) => {
  const command: Hidden = { lines: spaced ? ['', '/hidden', ''] : ['/hidden'], holds: new Set() };
  return [first, ...around].reduce((inside, name) => {
    const hider = HIDERS[name] ?? AROUND[name];
    return hider && fits(name, inside) ? hider(inside) : inside;
  }, command);
});

test('a command that is hidden or quoted stays so, whatever that is in, and those before it count', () => {
  fc.assert(
    fc.property(fc.array(hidden, { minLength: 1, maxLength: 3 }), fc.constantFrom('\n', '\r\n'), (blocks, end) => {
      const lines = blocks.flatMap(({ lines }) => ['', ...lines, '']);
      expect(commandsIn(['/first', ...lines].join(end)).map(({ name }) => name)).toEqual(['first']);
    }),
    { numRuns: 2_000 },
  );
});

test('a command after what hides or quotes others counts', () => {
  for (const [name, hide] of Object.entries({ ...HIDERS, ...AROUND })) {
    const { lines } = hide({ lines: ['x', '/hidden'], holds: new Set() });
    const names = commandsIn([...lines, '', '/seen'].join('\n')).map((command) => command.name);
    expect(names.at(-1), name).toBe('seen');
    if (name in HIDERS) expect(names, name).toEqual(['seen']);
  }
});
