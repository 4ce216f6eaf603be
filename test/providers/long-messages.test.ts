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
