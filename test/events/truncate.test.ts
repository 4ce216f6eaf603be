import { expect, test } from 'vitest';
import { cutToBytes, cutToCharacters, cutToLength, truncate } from '../../src/events/truncate.js';

const ROCKETS = '🚀🚀🚀🚀';

test('a text that is short enough stays as it is', () => {
  for (const text of ['', 'abcd', ROCKETS]) {
    expect([truncate(text, 4), cutToCharacters(text, 4), cutToLength(text, 8), cutToBytes(text, 16)]).toEqual(
      Array(4).fill(text),
    );
  }
});

test('a text that is too long ends in … where people should see that it was cut, and … counts', () => {
  expect([truncate('abcde', 4), truncate(ROCKETS, 3)]).toEqual(['abc…', '🚀🚀…']);
});

test('a text that is too long is cut at a character and not within one', () => {
  expect([cutToCharacters('abcde', 4), cutToCharacters(ROCKETS, 3)]).toEqual(['abcd', '🚀🚀🚀']);
});

test('a text that is too long is cut at the last character that fits into the length', () => {
  expect([cutToLength('abcde', 4), cutToLength(ROCKETS, 5), cutToLength(ROCKETS, 4)]).toEqual(['abcd', '🚀🚀', '🚀🚀']);
});

test('a text that is too long is cut at the last character that fits into the bytes', () => {
  expect([cutToBytes('abcde', 4), cutToBytes('aßßb', 4), cutToBytes(ROCKETS, 11)]).toEqual(['abcd', 'aß', '🚀🚀']);
});
