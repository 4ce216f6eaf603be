import { expect, test } from 'vitest';
import { outputVariable, parseOutput } from '../../../src/activities/job/parse-output.js';

const read = (text: string) => {
  const parsed = parseOutput(text);
  return parsed.kind === 'read' ? parsed.outputs : parsed.because;
};

test('outputs are lines name=value: the value goes on to the end of the line, and of one name the last counts', () => {
  expect(read('version=1.2.3\r\nurl=https://x.example/?a=b<<c\n\nempty=\nversion=2')).toEqual({
    version: '2',
    url: 'https://x.example/?a=b<<c',
    empty: '',
  });
  expect(read('')).toEqual({});
});

test.each(['a\rb', 'a\u2028b', 'a\u2029b', 'a\u0085b', '\r'])('a value may hold whatever ends no line: %j', (value) => {
  expect(read(`value=${value}|\nnext=1`)).toEqual({ value: `${value}|`, next: '1' });
});

test('a mark before the first line, as some programs write it, is no part of its name', () => {
  expect(read('\ufeffversion=1\nmark=\ufeff')).toEqual({ version: '1', mark: '\ufeff' });
});

test('outputs of several lines are between name<<END and END, whatever is in them', () => {
  expect(read('notes<<EOF\na=b\n\nother<<X\nEOF\nnext=1\n')).toEqual({ notes: 'a=b\n\nother<<X', next: '1' });
  expect(read('none<<EOF\nEOF\n')).toEqual({ none: '' });
});

test.each([
  ['nothing here', 'line 1 is neither name=value nor name<<END'],
  ['a=1\n=2', 'line 2 does not begin with a name: a letter, then letters, digits, "_" and "-"'],
  ['a b=2', 'line 1 does not begin with a name: a letter, then letters, digits, "_" and "-"'],
  ['a=1\nnotes<<EOF\nx', 'the value that begins in line 2 has no end'],
  ['notes<<\nx\n', 'the value that begins in line 1 has no end'],
  ['a-b=1\nA_B=2', 'line 2 has a name that differs from another only by case, "-" and "_"'],
  [Array.from({ length: 101 }, (_, i) => `a${i}=1`).join('\n'), 'it has more than 100 names'],
])('outputs that can not be read say which line is wrong, and nothing of what is in it: %j', (text, because) => {
  expect(read(text)).toBe(because);
});

test('a name that every object has is an output like any other', () => {
  expect(read('constructor=1\n__proto__=2')).toEqual(
    Object.fromEntries([
      ['constructor', '1'],
      ['__proto__', '2'],
    ]),
  );
  expect(Object.keys(read('__proto__=2'))).toEqual(['__proto__']);
});

test('later steps have an output in a variable that no program knows by itself', () => {
  expect(['version', 'PATH', 'image-tag'].map(outputVariable)).toEqual([
    'HOOKYARD_OUTPUT_VERSION',
    'HOOKYARD_OUTPUT_PATH',
    'HOOKYARD_OUTPUT_IMAGE_TAG',
  ]);
});
