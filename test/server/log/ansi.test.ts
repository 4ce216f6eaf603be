import fc from 'fast-check';
import { expect, test } from 'vitest';
import { piecesOf } from '../../../src/server/api/log/ansi.js';

const plain = (line: string) => (piecesOf(line) ?? [{ text: line }]).map(({ text }) => text).join('');

test('a line without control characters is shown as it is', () => {
  expect(piecesOf('plain <b> \t größe ✓ \u{1f680} \u202e')).toBeUndefined();
});

test.each([
  ['\u001b[31mred\u001b[0m plain', [{ text: 'red', style: 'c1' }, { text: ' plain' }]],
  ['\u001b[1;4;93;44mall\u001b[m', [{ text: 'all', style: 'c11 k4 bold underline' }]],
  ['\u001b[2mdim\u001b[22m not', [{ text: 'dim', style: 'faint' }, { text: ' not' }]],
  ['\u001b[7m12\u001b[27m  let', [{ text: '12', style: 'inverse' }, { text: '  let' }]],
  ['\u001b[31;42;7minverse', [{ text: 'inverse', style: 'c2 k1' }]],
  ['\u001b[38;5;196mcube', [{ text: 'cube', style: 'x r5 g0 b0' }]],
  ['\u001b[48;5;244mgrey', [{ text: 'grey', style: 'y W12' }]],
  ['\u001b[38;5;9mnamed', [{ text: 'named', style: 'c9' }]],
  ['\u001b[38;2;255;0;10mtrue', [{ text: 'true', style: 'x r5 g0 b0' }]],
  ['\u001b[48;2;130;131;129mtrue grey', [{ text: 'true grey', style: 'y W12' }]],
  [
    '\u001b[38:2::0:255:0mcolons\u001b[4:3m.',
    [
      { text: 'colons', style: 'x r0 g5 b0' },
      { text: '.', style: 'x r0 g5 b0 underline' },
    ],
  ],
  ['\u001b[38;5;999m\u001b[38mnonsense', [{ text: 'nonsense' }]],
  ['\u001b[31;4;58;2;255;0;0mwavy', [{ text: 'wavy', style: 'c1 underline' }]],
  ['\u001b[58;5;1;3mslanted\u001b[58:5:1;59m.', [{ text: 'slanted.', style: 'italic' }]],
  ['\u001b[31ma\u001b[31mb', [{ text: 'ab', style: 'c1' }]],
  ['\u001b[1;1;1ma\u001b[22mb', [{ text: 'a', style: 'bold' }, { text: 'b' }]],
  ['\u001b[97;100;3ma\u001b[39;49;23mb', [{ text: 'a', style: 'c15 k8 italic' }, { text: 'b' }]],
])('colours become classes: %j', (line, pieces) => {
  expect(piecesOf(line)).toEqual(pieces);
});

test.each([
  ['10%\r20%\r100%', '100%'],
  ['done\r', 'done'],
  ['50%\r\u001b[Kdone', 'done'],
  ['old\u001b[2Knew', 'new'],
  ['old\u001b[1Gnew', 'new'],
  ['kept\u001b[K and more', 'kept and more'],
  ['a\u001b[2A\u001b[10;3Hb\u001b[?25l\u001b[6nc', 'abc'],
  ['bell\u0007 back\b space\u0000', 'bell back space'],
  ['cut\u001b[', 'cut'],
  ['cut\u001b[38;5', 'cut'],
  ['cut\u001b', 'cut'],
  ['\u001b]0;title\u0007text', 'text'],
  ['\u001b]0;title\u001b\\text', 'text'],
  ['\u001b]0;never ended', '0;never ended'],
  ['\u001bP1$r\u001b\\after', 'after'],
  ['\u001b(Btext\u001b=', 'text'],
])('what moves and erases is folded: %j', (line, text) => {
  expect(plain(line)).toBe(text);
});

test('a colour holds on where the text before was erased', () => {
  expect(piecesOf('\u001b[32m10%\r100%')).toEqual([{ text: '100%', style: 'c2' }]);
});

test('links lead to the web, and nowhere else', () => {
  const link = (address: string) =>
    piecesOf(`see \u001b]8;id=1;${address}\u001b\\\u001b[1mhere\u001b[0m\u001b]8;;\u0007 now`);
  expect(link('https://example.org/a?b=c')).toEqual([
    { text: 'see ' },
    { text: 'here', style: 'bold', href: 'https://example.org/a?b=c' },
    { text: ' now' },
  ]);
  for (const address of ['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'file:///etc/passwd', 'https://'])
    expect(
      link(address)?.some(({ href }) => href !== undefined),
      address,
    ).toBe(false);
  expect(piecesOf('\u001b]8;;https://a.example\u0007never closed')).toEqual([
    { text: 'never closed', href: 'https://a.example' },
  ]);
});

test('whatever a line holds, its pieces are its text, with classes of ours and links to the web', () => {
  const bits = fc.constantFrom(
    ...[
      '\u001b[',
      '\u001b]8;;',
      '\u001b]',
      '\u001b',
      '\u0007',
      '\u001b\\',
      '\r',
      'm',
      'K',
      ';',
      ':',
      '38;5;',
      '48;2;',
      '1',
      '255',
    ],
    ...[
      '<script>',
      '"',
      "'",
      '&',
      'https://a.example/',
      'javascript:',
      '\u202e',
      '\ud800',
      'x',
      ' ',
      '\u009b',
      '\u0000',
    ],
  );
  const line = fc.array(fc.oneof({ weight: 4, arbitrary: bits }, fc.string({ unit: 'binary', maxLength: 3 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(line, fc.nat(200), (parts, cut) => {
      const text = parts.join('').slice(0, 200 - cut);
      for (const piece of piecesOf(text) ?? []) {
        expect(piece.text).not.toMatch(/[^\P{Cc}\t]/u);
        expect(text).toContain(piece.text.slice(0, 1));
        if (piece.style !== undefined)
          expect(piece.style).toMatch(/^(?:[a-z]+|[ck]\d{1,2}|[rgbRGB][0-5]|[wW]\d{1,2}| )+$/);
        if (piece.href !== undefined) expect(piece.href).toMatch(/^https?:\/\/[^/]/);
      }
    }),
    { numRuns: 500 },
  );
});

const line = (unit: string) => unit.repeat(Math.ceil(8_192 / unit.length)).slice(0, 8_192);

test('a line has some hundred pieces at most, and what comes after them is plain', () => {
  const colours = Array.from({ length: 1_600 }, (_, at) => `\u001b[3${at % 8}mx`).join('');
  for (const text of [colours, line('\u001b]8;;https://a.example\u0007x\u001b]8;;\u0007y')]) {
    const pieces = piecesOf(text) ?? [];
    expect([250, 251]).toContain(pieces.length);
    expect(pieces.at(-1)).toEqual({ text: expect.stringMatching(/^[xy]{100,}(?:8;;.*)?$/) });
  }
  expect(plain(colours)).toBe('x'.repeat(1_600));
});

// A line takes a millisecond or two. With a list that is gone through again for each code, these are minutes.
test('hundreds of lines of codes, of 8 kB, are read before anybody notices', () => {
  for (const unit of ['\u001b[1mx', '\u001b[1m\rx'])
    for (let count = 0; count < 200; count++) expect(piecesOf(line(unit))?.length).toBe(1);
  const others = [
    ...['\u001b[1m', '\u001b[38;5;1mx', '\u001b[;;;;;m', '\u001b[', '\u001b', '\rx', '\u001b[3:', '\u001b]'],
    ...['\u001b[1;2;3;4;7;9mx\u001b[0m', '\u001b]8;;https://a.example\u0007\u001b[31mx\u001b[32my'],
  ];
  for (const unit of others)
    for (let count = 0; count < 20; count++) expect(piecesOf(line(unit))?.length).toBeLessThanOrEqual(251);
});
