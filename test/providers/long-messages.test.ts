import { expect, test } from 'vitest';
import { commitMessage } from '../../src/providers/shapes.js';
import { skipMarkerIn } from '../../src/triggers/filters.js';

const long = (end: string) => `feat: many things\n\n${'* a change of something\n'.repeat(200)}\n${end}`;

test("a commit's message is read to its trailers, however long it is", () => {
  for (const end of ['skip-checks: true', 'skip-checks: true\nSigned-off-by: Ada <ada@x.example>']) {
    const read = commitMessage.parse(long(end));
    expect(skipMarkerIn(read)).toBe('skip-checks: true');
    expect(read.length).toBeLessThanOrEqual(2_000);
    expect(read.startsWith('feat: many things\n')).toBe(true);
  }
});

test("a commit's long message has no line that begins within one of its lines", () => {
  const marker = 'skip-checks: true';
  expect(skipMarkerIn(commitMessage.parse(`${'x'.repeat(3_000)}${marker}${'\ny'.repeat(241)}`))).toBeUndefined();
  expect(skipMarkerIn(commitMessage.parse(`${'x'.repeat(3_000)}${marker}`))).toBeUndefined();
});

test("a commit's message that is short enough is read as it is", () => {
  const message = `${'a line\n'.repeat(285)}12345`;
  expect(message).toHaveLength(2_000);
  expect(commitMessage.parse(message)).toBe(message);
});

test.each(['[skip ci]', '[No CI]', '[ci-skip]', 'skip-checks: true'])(
  "what asks to be skipped in the middle of a commit's long message is read: %s",
  (marker) => {
    const message = `${long('')}\n${marker}\n${long('Signed-off-by: Ada <ada@x.example>')}`;
    const read = commitMessage.parse(message);
    expect(skipMarkerIn(read)).toBe(marker);
    expect(read.length).toBeLessThanOrEqual(2_000);
    expect(read.startsWith('feat: many things\n')).toBe(true);
    expect(read.endsWith('\nSigned-off-by: Ada <ada@x.example>')).toBe(true);
  },
);

test("what asks to be skipped in a commit's long message is read without the blanks around it", () => {
  const message = `${long('')}\nskip-checks: true${' '.repeat(100_000)}\n${long('')}`;
  expect(commitMessage.parse(message).length).toBeLessThanOrEqual(2_000);
  expect(skipMarkerIn(commitMessage.parse(message))).toBe('skip-checks: true');
  const far = `${long('')}\nskip-checks:${' '.repeat(100_000)}true\n${long('')}`;
  expect(commitMessage.parse(far).length).toBeLessThanOrEqual(2_000);
  expect(skipMarkerIn(commitMessage.parse(far))).toBeUndefined();
});

test("what asks to be skipped stands once in a commit's long message", () => {
  for (const message of [`[skip ci] ${long('')}`, long('[skip ci]')])
    expect(commitMessage.parse(message).split('[skip ci]')).toHaveLength(2);
});

test("a commit's long message in which nothing asks to be skipped is its beginning and its last lines", () => {
  const message = long('Signed-off-by: Ada <ada@x.example>');
  const end = message.slice(-500);
  const lines = end.slice(end.indexOf('\n'));
  expect(commitMessage.parse(message)).toBe(`${message.slice(0, 2_000 - lines.length)}${lines}`);
});
