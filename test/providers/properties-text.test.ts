import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandsIn } from '../../src/intake/comments/commands-in.js';
import { parseJson } from '../../src/providers/parse-json.js';
import { MalformedPayload } from '../../src/providers/webhook-scheme.js';

interface Block {
  readonly lines: readonly string[];
  /** The names of the commands that Markdown shows as text. */
  readonly commands: readonly string[];
}

const indent = fc.constantFrom('', ' ', '  ', '   ');
const quiet = fc
  .constantFrom(
    'hello',
    '',
    '> /quoted',
    '>/quoted',
    '> > /quoted',
    '    /indented',
    '\t/indented',
    'see /deploy',
    '//x',
    '/',
    '/DEPLOY',
    '/-x',
    '```/inline```',
    '`/x`',
    '- /listed',
    '/a/b',
  )
  // What is indented after a list would be a part of it.
  .map((line): Block => ({ lines: line === '- /listed' ? [line, '', 'hello'] : [line], commands: [] }));
const command = fc
  .tuple(
    indent,
    fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
    fc.constantFrom('', ' ', ' staging', '\tnow', ' $(id) `x` ```'),
  )
  .map(([before, name, args]): Block => ({ lines: [`${before}/${name}${args}`], commands: [name] }));
const fenced = fc
  .record({
    before: indent,
    mark: fc.constantFrom('`', '~'),
    length: fc.integer({ min: 3, max: 6 }),
    info: fc.constantFrom('', 'sh', ' js x'),
    more: fc.nat({ max: 2 }),
    inside: fc.array(fc.nat({ max: 6 }), { maxLength: 5 }),
  })
  .map(({ before, mark, length, info, more, inside }): Block => {
    const other = mark === '`' ? '~' : '`';
    const lines = [
      '/inside',
      '   /inside',
      mark.repeat(length - 1),
      other.repeat(length + 1),
      `${mark.repeat(length)}${other.repeat(3)}`,
      `${mark.repeat(length)} /inside`,
      `    ${mark.repeat(length)}`,
    ];
    const open = `${before}${mark.repeat(length)}${info}`;
    return { lines: [open, ...inside.map((n) => lines[n] ?? ''), mark.repeat(length + more)], commands: [] };
  });
const unclosed: Block = { lines: ['```', '/inside', '~~~', '/inside'], commands: [] };

const ending = fc.constantFrom('\n', '\r\n', '\r');

describe('the commands of a comment', () => {
  test('the commands of a comment are its lines that begin with one, and none from within fences, quotes and code', () => {
    const body = fc.tuple(fc.array(fc.oneof(quiet, command, fenced), { maxLength: 20 }), fc.boolean(), ending);
    fc.assert(
      fc.property(body, ([blocks, open, end]) => {
        const all = open ? [...blocks, unclosed] : blocks;
        const found = commandsIn(all.flatMap(({ lines }) => [...lines, '']).join(end));
        expect(found.map(({ name }) => name)).toEqual(all.flatMap(({ commands }) => commands).slice(0, 10));
      }),
      { numRuns: 1_000 },
    );
  });

  test('the commands of a comment of whatever text are at most ten, with at most twenty words of at most 200 letters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('/', 'a', ' ', '\n', '`', '~', '>', '\t', '\r', '🎉', '\u0000') }),
        (body) => {
          const found = commandsIn(body);
          expect(found.length).toBeLessThanOrEqual(10);
          for (const { name, args } of found) {
            expect(name).toMatch(/^[a-z][a-z0-9-]{0,49}$/);
            expect(args.length).toBeLessThanOrEqual(20);
            for (const arg of args) expect(arg).toMatch(/^[^ \t\n\r]{1,200}$/u);
          }
        },
      ),
    );
  });

  // With time that grows as the square of the length, each of these would take minutes.
  test.each(['`', '~', '`~', '/a', '/a ', ' ', '\t', '```\n', '/a\n', '``` ', '> ', '\r\n', '/a `'])(
    'the commands of a comment of 500 kB of %j are found',
    (part) => {
      const body = part.repeat(500_000 / part.length);
      for (const text of [body, `/deploy ${body}`, `\`\`\`${body}`])
        expect(commandsIn(text).length).toBeLessThanOrEqual(10);
    },
  );
});

describe('JSON', () => {
  const bytes = (text: string) => Buffer.from(text);

  test('JSON is read as JSON.parse reads it, where its numbers can be held', () => {
    const small = fc.json({ maxDepth: 5 }).filter((text) => !/\d{16}/.test(text));
    fc.assert(
      fc.property(small, (text) => {
        expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('JSON keeps every digit of an integer, wherever it stands, and leaves texts alone', () => {
    const integer = fc.oneof(
      fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
      fc.constantFrom(2n ** 53n, 2n ** 53n - 1n, 0n),
    );
    const key = fc.string({ unit: fc.constantFrom('"', '\\', '1', '{', ':', 'é') });
    fc.assert(
      fc.property(integer, key, fc.integer({ min: 0, max: 50 }), (id, name, depth) => {
        const text = `${name}${id}`;
        const inner = `{${JSON.stringify(name)}: ${id} , "text": ${JSON.stringify(text)}}`;
        let read = parseJson(bytes(`${'['.repeat(depth)}${inner}${']'.repeat(depth)}`));
        for (let n = 0; n < depth; n += 1) read = (read as unknown[])[0];
        const isSafe = Number.isSafeInteger(Number(id));
        const expected = { [name]: isSafe ? Number(id) : String(id), text };
        expect(JSON.stringify(read)).toBe(JSON.stringify(expected));
      }),
      { numRuns: 500 },
    );
  });

  test('JSON of which a key is there twice says the last one, also beside a large integer', () => {
    expect(parseJson(bytes('{"id": 1, "id": 2}'))).toEqual({ id: 2 });
    expect(parseJson(bytes('{"id": 12345678901234567890, "id": 12345678901234567891}'))).toEqual({
      id: '12345678901234567891',
    });
  });

  test('JSON makes nobody’s prototype another', () => {
    const read = parseJson(bytes('{"__proto__": {"polluted": 12345678901234567890}}')) as object;
    expect(Object.keys(read)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([1_000, 10_000, 200_000])('JSON nested %i deep is read, or malformed', (depth) => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      try {
        parseJson(bytes(`${open.repeat(depth)}12345678901234567890${close.repeat(depth)}`));
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedPayload);
      }
    }
  });

  test('JSON of bytes that are anything is a value, or malformed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (any) => {
        try {
          parseJson(any);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedPayload);
        }
      }),
      { numRuns: 500 },
    );
  });
});
