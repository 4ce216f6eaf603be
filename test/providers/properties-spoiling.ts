import fc from 'fast-check';
import type { Path, Seed } from './properties-seeds.js';

/** What people and their attackers call things. */
export const HOSTILE = [
  '$(id)',
  '`id`',
  ';id',
  '-x',
  '--upload-pack=x',
  '../..',
  'a/../b',
  'a\nb',
  'a\r\nb',
  '@{-1}',
  'x.lock',
  '.x',
  'x.',
  'x/',
  '/x',
  'a//b',
  '\\\\host\\share',
  '%2e%2e',
  '%2e%2e%2f',
  '<img src=x onerror=y>',
  '[a](https://evil.example)',
  'https://evil.example/`a`',
  'javascript:alert(1)',
  '"quoted" \'twice\'',
  '\u202egnp.exe',
  '\u2066a\u2069',
  '\u061ca',
  'a\u2028../b',
  'a\u0085b',
  'nul\u0000l',
  '\ud800',
  'x\udc00y',
  'é',
  '🎉',
  '',
  ' ',
  '{fullName}',
  '__proto__',
  'constructor',
  '0'.repeat(40),
  'a'.repeat(40),
  'A'.repeat(40),
  '1'.repeat(12),
  '2026-02-30T25:00:00Z',
  '0000-01-01T00:00:00+23:59',
  'refs/heads/',
  'refs/heads/../x',
  'refs/tags/v1',
  'refs/pull/1/head',
] as const;

const BIG = '@@big@@';
const TWICE = '@@twice@@';

const long = fc
  .constantFrom('a', '<', '🎉', '`', '../', '[x](', '\u0000')
  .map((part) => part.repeat(100_000 / part.length));
const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<string>(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: long },
);
const other = fc.constantFrom<unknown>(
  null,
  true,
  false,
  0,
  -1,
  0.5,
  1e308,
  7,
  8.64e15 + 1,
  BIG,
  [],
  {},
  [null],
  { toString: 1 },
  { length: 1e9 },
);

type Change =
  | { readonly how: 'drop' | 'pollute' | 'nest' | 'repeat' | 'double' }
  | { readonly how: 'set'; readonly value: unknown }
  | { readonly how: 'name'; readonly word: string };

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ how: 'drop' } as const) },
  { weight: 3, arbitrary: other.map((value) => ({ how: 'set', value }) as const) },
  { weight: 8, arbitrary: word.map((name) => ({ how: 'name', word: name }) as const) },
  { weight: 2, arbitrary: fc.constantFrom<Change>({ how: 'pollute' }, { how: 'repeat' }, { how: 'double' }) },
  { weight: 1, arbitrary: fc.constant({ how: 'nest' } as const) },
);

/** Evenly: fast-check prefers small numbers, and the first seed would be spoiled over and over. */
const any = fc.noBias(fc.nat({ max: 999_999 }));
const rarely = <T>(values: readonly T[], oneIn: number) =>
  fc.oneof(
    { weight: oneIn - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  );

const spoiling = fc.record({
  seed: any,
  event: rarely(['__proto__', 'constructor', 'toString', 'x'.repeat(300), 'a\nb', ''], 20),
  changes: fc.array(fc.record({ at: any, elsewhere: rarely([true], 10), change }), { maxLength: 4 }),
  dress: rarely(['cut', 'bom', 'latin', 'deep', 'padded'], 15),
});

export interface Spoiled {
  readonly event: string | undefined;
  readonly body: Buffer;
}

/**
 * Bodies of the seeds with a few of their fields spoiled. Only the first change makes long or deep, and nothing more is
 * done to what was repeated: several within one another would fill the memory.
 */
export function spoiled(seeds: readonly Seed[]): fc.Arbitrary<Spoiled> {
  return spoiling.map(({ seed: number, event, changes, dress }) => {
    const seed = seeds[number % seeds.length] ?? { body: {}, read: [] };
    const root = { body: structuredClone(seed.body) };
    const [first] = changes;
    const once =
      first?.change.how === 'repeat'
        ? [first]
        : changes.filter(({ change }, n) => n === 0 || (change.how !== 'repeat' && change.how !== 'nest'));
    for (const { at, elsewhere, change } of once) {
      const paths = elsewhere || seed.read.length === 0 ? pathsIn(root.body, []) : seed.read;
      apply(root, ['body', ...(paths[at % Math.max(paths.length, 1)] ?? [])], change);
    }
    return { event: event ?? seed.event, body: dressed(written(root.body), dress) };
  });
}

type Holder = Record<string | number, unknown>;

function apply(root: object, path: Path, change: Change): void {
  const last = path.at(-1) ?? 'body';
  const holder = path.slice(0, -1).reduce<unknown>((value, key) => (value as Holder | undefined)?.[key], root);
  if (typeof holder !== 'object' || holder === null) return;
  const fields = holder as Holder;
  const before = fields[last];
  switch (change.how) {
    case 'drop':
      delete fields[last];
      return;
    case 'set':
      fields[last] = structuredClone(change.value);
      return;
    case 'name': {
      const prefix =
        typeof before === 'string' ? (/^(?:refs\/\w+\/|https?:\/\/[^/]+\/|[\w.-]+\/)/.exec(before)?.[0] ?? '') : '';
      fields[last] = change.word.length % 3 === 0 ? change.word : `${prefix}${change.word}`;
      return;
    }
    case 'nest':
      for (let depth = 0; depth < 1_000; depth += 1)
        fields[last] = depth % 2 === 0 ? [fields[last]] : { a: fields[last] };
      return;
    case 'repeat':
      fields[last] = Array.isArray(before) ? Array.from({ length: 3_000 }, () => before[0]) : before;
      return;
    case 'double':
      fields[`${TWICE}${last}`] = HOSTILE[String(last).length % HOSTILE.length];
      return;
    case 'pollute':
      for (const key of ['__proto__', 'prototype', 'constructor'])
        Object.defineProperty(typeof before === 'object' && before !== null ? before : holder, key, {
          value: { polluted: 1, prototype: { polluted: 1 } },
          enumerable: true,
          configurable: true,
          writable: true,
        });
      return;
    default:
      change satisfies never;
  }
}

/** As JSON, with what no value of JavaScript's can say: numbers too large, and keys that are there twice. */
function written(body: unknown): string {
  return (JSON.stringify(body) ?? 'null').replaceAll(`"${BIG}"`, '12345678901234567890').replaceAll(TWICE, '');
}

function dressed(text: string, how: string | undefined): Buffer {
  switch (how) {
    case 'cut':
      return Buffer.from(text.slice(0, text.length / 2));
    case 'bom':
      return Buffer.from(`\ufeff${text}`);
    case 'latin':
      return Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xe9, 0x7d])]);
    case 'deep':
      return Buffer.from(`${'['.repeat(5_000)}${text}${']'.repeat(5_000)}`);
    case 'padded':
      return Buffer.from(` \r\n\t${text}\n`);
    default:
      return Buffer.from(text);
  }
}

function pathsIn(value: unknown, at: Path): Path[] {
  if (typeof value !== 'object' || value === null || at.length > 6) return [at];
  const keys = Array.isArray(value) ? [...value.keys()].slice(0, 20) : Object.keys(value);
  return [at, ...keys.flatMap((key) => pathsIn((value as Holder)[key], [...at, key]))];
}
