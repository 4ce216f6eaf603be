import { expect, test } from 'vitest';
import { codeBlock, link, plain } from '../../src/events/markdown.js';

test.each([
  ['[a](https://evil.example)', '\\[a\\]\\(https\\://evil.example\\)'],
  ['<img src=x onerror=y>', '&lt;img src=x onerror=y&gt;'],
  ['a\nb\u0000\u2028c', 'a b c'],
  ['`x` *y* _z_', '\\`x\\` \\*y\\* \\_z\\_'],
  ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
])('the text %j shows in Markdown as it is', (text, shown) => {
  expect(plain(text)).toBe(shown);
});

test('Markdown links to web addresses only', () => {
  expect(link('a', 'javascript:alert(1)')).toBe('a');
  expect(link('a', 'not a url')).toBe('a');
  expect(link('a', undefined)).toBe('a');
  expect(link('a', 'https://x.example/a)b(c')).toBe('[a](https://x.example/a%29b%28c)');
});

test('a block of code holds whatever a job has written, and nothing of it ends the block', () => {
  expect(codeBlock('a\n```\n<b>\u001b[31m\u202ex')).toBe('\n````text\na\n```\n<b>[31mx\n````');
});
