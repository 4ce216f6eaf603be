import { expect, test } from 'vitest';
import { createProgress, inMegabytes } from '../../../src/cli/format/progress.js';

/** A stream that keeps what is written to it. */
function keep(isTTY: boolean) {
  let text = '';
  const write = (chunk: unknown) => {
    text += String(chunk);
    return true;
  };
  return { stream: { isTTY, write }, text: () => text };
}

test('on a terminal a line is written over, at once and not too often, and taken away at the end', () => {
  const { stream, text } = keep(true);
  const progress = createProgress(stream);
  progress.show('one\u001b[2J');
  progress.show('two, a moment later');
  progress.end();
  expect(text()).toBe('\r\u001b[Kone\r\u001b[K');
});

test('elsewhere nothing is printed, and nothing is taken away that was never shown', () => {
  const pipe = keep(false);
  const progress = createProgress(pipe.stream);
  progress.show('one');
  progress.end();
  expect(pipe.text()).toBe('');
  const terminal = keep(true);
  createProgress(terminal.stream).end();
  expect(terminal.text()).toBe('');
});

test('how far work has come is told in megabytes and per cent, of nothing too', () => {
  expect(inMegabytes({ done: 1_500_000, total: 20_000_000 })).toBe('1.5 of 20 MB, 7 %');
  expect(inMegabytes({ done: 0, total: 0 })).toBe('0.0 of 0.0 MB, 0 %');
});
